import type { JsonObject } from "../../../src/records/json.ts";
import { spanBetween } from "../history/durations.ts";
import { userView } from "../history/run_view.ts";
import { visibleRows } from "../metric/late_rows.ts";
import type { MetricSeries, Run, WorkspaceState } from "../state.ts";

/**
 * A run as the index service shows it, after the recorded entities (Azure ML index service B.1a). Its metrics are summed
 * up for answers; filters and orders do without.
 */
export function runEntity(
  workspace: WorkspaceState,
  run: Run,
  metrics: "with metrics" | "without metrics",
): JsonObject {
  const { region, guid, name } = workspace.facts;
  return {
    relevancyScore: 0.28867513,
    entityResourceName: name,
    highlights: {},
    usage: { totalCount: 0 },
    schemaId: "974ab09e-bfc2-56a6-9be4-97bcfe3d33ca",
    entityId: `azureml://location/${region}/workspaceId/${guid}/type/runs/objectId/${run.runUuid}`,
    kind: "Unversioned",
    annotations: annotations(run, metrics === "with metrics" ? metricSummaries(run) : {}),
    properties: properties(workspace, run),
    internal: {},
    updateSequence: run.revision,
    type: "runs",
    version: null,
    entityContainerId: guid,
    entityObjectId: run.runUuid,
    resourceType: "Workspace",
    relationships: relationships(workspace, run),
  };
}

function annotations(run: Run, metrics: JsonObject): JsonObject {
  const duration = spanBetween(run.startTimeUtc, run.endTimeUtc);
  return {
    archived: run.hidden,
    tags: { ...run.tags },
    displayName: run.displayName,
    status: run.status,
    primaryMetricName: run.primaryMetricName,
    estimatedCost: null,
    primaryMetricSummary: null,
    metrics,
    parameters: { ...run.parameters },
    settings: { ...run.settings },
    modifiedTime: run.lastModifiedUtc,
    retainForLifetimeOfWorkspace: false,
    error: run.error ?? { code: null, errorCodeHierarchy: null, message: null, time: null },
    resourceMetricSummary: null,
    jobCost: null,
    computeDuration: duration,
    computeDurationMilliseconds: milliseconds(run),
    effectiveStartTimeUtc: null,
    name: run.name,
    description: run.description,
  };
}

function properties(workspace: WorkspaceState, run: Run): JsonObject {
  const type = run.runTypeV2;
  return {
    updatedTime: "0001-01-01T00:00:00+00:00",
    creationContext: {
      createdTime: run.createdUtc,
      createdBy: userView(run.createdBy),
      creationSource: null,
    },
    dataContainerId: run.dataContainerId,
    targetName: run.target,
    runName: run.name,
    experimentName: workspace.experiments.get(run.experimentId)?.name ?? null,
    runId: run.runId,
    parentRunId: run.parentRunId,
    rootRunId: run.rootRunId,
    runType: run.runType,
    runTypeV2: type === null
      ? null
      : { ...type, traits: Object.fromEntries(type.traits.map((one) => [one, ""])) },
    scriptName: run.scriptName,
    experimentId: run.experimentId,
    runUuid: run.runUuid,
    parentRunUuid: run.parentRunId === null ? null : workspace.runs.get(run.parentRunId)?.runUuid ?? null,
    runNumber: run.runNumber,
    startTime: run.startTimeUtc,
    endTime: run.endTimeUtc,
    computeRequest: null,
    compute: run.compute,
    userProperties: { ...run.properties },
    actionUris: run.actionUris,
    duration: spanBetween(run.startTimeUtc, run.endTimeUtc),
    durationMilliseconds: milliseconds(run),
  };
}

function milliseconds(run: Run): number | null {
  if (run.startTimeUtc === null || run.endTimeUtc === null) return null;
  return Date.parse(run.endTimeUtc) - Date.parse(run.startTimeUtc);
}

/** The last value and the count; lowest and highest only of short series, so that a listing stays quick. */
function metricSummaries(run: Run): JsonObject {
  const summaries: JsonObject = {};
  for (const series of run.metrics.values()) {
    const count = visibleRows(series);
    if (count > 0) summaries[series.name] = summary(series, count);
  }
  return summaries;
}

const LOOKED_AT = 1000;

function summary(series: MetricSeries, count: number): JsonObject {
  const from = Math.max(0, count - LOOKED_AT);
  const values: number[] = [];
  for (let index = from; index < count; index++) {
    const [value] = Object.values(series.rows.at(index).data);
    if (typeof value === "number" && Number.isFinite(value)) values.push(value);
  }
  return {
    count,
    lastValue: values.at(-1) ?? null,
    minimumValue: values.length === 0 ? null : Math.min(...values),
    maximumValue: values.length === 0 ? null : Math.max(...values),
    metricType: series.uxMetricType,
  };
}

function relationships(workspace: WorkspaceState, run: Run): JsonObject[] {
  const assetIds = Object.values(run.outputs ?? {}).flatMap((output) =>
    typeof output === "object" && output !== null && "assetId" in output ? [output.assetId] : []
  );
  return assetIds.map((assetId) => ({
    relationType: "CreatedBy",
    targetEntityId: null,
    assetId: assetId ?? null,
    entityType: "data",
    direction: "Output",
    entityContainerId: workspace.facts.guid,
  }));
}
