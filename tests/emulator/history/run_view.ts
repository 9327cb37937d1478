import type { JsonObject } from "../../../src/records/json.ts";
import type { Run, UserInfo, WorkspaceState } from "../state.ts";
import { serviceTime } from "../state/clock.ts";
import { spanBetween } from "./durations.ts";
import { isOver } from "./run_status.ts";

/**
 * The token that answers to changes of a run carry, as the service's do: a secret that no record, log or file may hold.
 * Tests look for this text wherever it must not be.
 */
export const RUN_TOKEN = "azml-emulator-secret-run-token";

const TOKEN_LIFE_MS = 21 * 86_400_000;

/** Whether an answer shows the run's token: only answers to a PATCH or POST do. */
export type TokenShown = "with token" | "without token";

/** A run as run history answers it, every field in place, null where there is nothing (Azure ML run history B.2). */
export function runView(
  workspace: WorkspaceState,
  run: Run,
  token: TokenShown = "without token",
): JsonObject {
  const shown = token === "with token";
  return {
    runNumber: run.runNumber,
    rootRunId: run.rootRunId,
    createdUtc: run.createdUtc,
    createdBy: userView(run.createdBy),
    userId: run.createdBy.userObjectId,
    token: shown ? RUN_TOKEN : null,
    tokenExpiryTimeUtc: shown ? serviceTime(Date.now() + TOKEN_LIFE_MS) : null,
    error: run.error,
    warnings: run.warnings.length === 0 ? null : run.warnings,
    revision: run.revision,
    statusRevision: isOver(run.status) ? 3 : 0,
    ...uuids(workspace, run),
    ...times(run),
    cancelationReason: run.cancelationReason,
    currentAttemptId: 1,
    runId: run.runId,
    parentRunId: run.parentRunId,
    experimentId: run.experimentId,
    status: run.status,
    startTimeUtc: run.startTimeUtc,
    endTimeUtc: run.endTimeUtc,
    ...described(run),
  };
}

/** A user as run history shows one. */
export function userView(user: UserInfo): JsonObject {
  return {
    userObjectId: user.userObjectId,
    userPuId: "0000000000000000",
    userIdp: null,
    userAltSecId: null,
    userIss: `https://sts.windows.net/${user.userTenantId}/`,
    userTenantId: user.userTenantId,
    userName: user.userName,
    upn: null,
  };
}

function uuids(workspace: WorkspaceState, run: Run): JsonObject {
  const parent = run.parentRunId === null ? undefined : workspace.runs.get(run.parentRunId);
  const root = workspace.runs.get(run.rootRunId);
  return {
    runUuid: run.runUuid,
    parentRunUuid: parent?.runUuid ?? null,
    rootRunUuid: root?.runUuid ?? run.runUuid,
  };
}

function times(run: Run): JsonObject {
  const duration = spanBetween(run.startTimeUtc, run.endTimeUtc);
  const live = !isOver(run.status);
  return {
    lastStartTimeUtc: live ? run.startTimeUtc : null,
    currentComputeTime: live ? "00:00:00" : null,
    computeDuration: duration,
    effectiveStartTimeUtc: live ? run.startTimeUtc : null,
    lastModifiedBy: userView(run.createdBy),
    lastModifiedUtc: run.lastModifiedUtc,
    duration,
  };
}

function described(run: Run): JsonObject {
  return {
    scheduleId: null,
    displayName: run.displayName,
    name: run.name,
    dataContainerId: run.dataContainerId,
    description: run.description,
    hidden: run.hidden,
    runType: run.runType,
    runTypeV2: typeView(run),
    properties: { ...run.properties },
    parameters: { ...run.parameters },
    actionUris: run.actionUris,
    scriptName: run.scriptName,
    target: run.target,
    uniqueChildRunComputeTargets: [],
    tags: { ...run.tags },
    settings: { ...run.settings },
    services: run.services,
    inputDatasets: run.inputDatasets,
    outputDatasets: run.outputDatasets,
    runDefinition: null,
    jobSpecification: null,
    primaryMetricName: run.primaryMetricName,
    createdFrom: null,
    cancelUri: run.actionUris.Cancel ?? null,
    completeUri: null,
    diagnosticsUri: null,
    computeRequest: null,
    compute: run.compute,
    retainForLifetimeOfWorkspace: false,
    queueingInfo: null,
    inputs: run.inputs,
    outputs: run.outputs,
  };
}

/** `runTypeV2` as an object with every field; null when the run has none. */
export function typeView(run: Run): JsonObject | null {
  if (run.runTypeV2 === null) return null;
  const { orchestrator, traits, attribution, computeType } = run.runTypeV2;
  return { orchestrator, traits: [...traits], attribution, computeType };
}
