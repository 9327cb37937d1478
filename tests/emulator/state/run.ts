import type { JsonObject, JsonValue } from "../../../src/records/json.ts";
import type { MetricSeries } from "./metric.ts";

/** Who made or changed a run. */
export interface UserInfo {
  readonly userObjectId: string;
  readonly userTenantId: string;
  readonly userName: string;
}

/** `runTypeV2` of a run. */
export interface RunType {
  readonly orchestrator: string | null;
  readonly traits: readonly string[];
  readonly attribution: string | null;
  readonly computeType: string | null;
}

/** A run as run history stores it; what follows from other fields (durations, uris) is left to whoever answers. */
export interface Run {
  readonly runId: string;
  readonly runUuid: string;
  readonly rootRunId: string;
  readonly parentRunId: string | null;
  readonly experimentId: string;
  /** Seconds since 1970 at creation. */
  readonly runNumber: number;
  readonly createdUtc: string;
  startTimeUtc: string | null;
  endTimeUtc: string | null;
  lastModifiedUtc: string;
  status: string;
  displayName: string | null;
  name: string | null;
  description: string | null;
  hidden: boolean;
  dataContainerId: string;
  createdBy: UserInfo;
  runType: string | null;
  runTypeV2: RunType | null;
  properties: Record<string, string>;
  parameters: Record<string, string>;
  tags: Record<string, string>;
  target: string | null;
  scriptName: string | null;
  primaryMetricName: string | null;
  compute: JsonObject | null;
  error: JsonValue;
  warnings: JsonValue[];
  /** Named inputs and outputs `{name: {assetId, type}}`; null when there are none. */
  inputs: JsonObject | null;
  outputs: JsonObject | null;
  inputDatasets: JsonValue[];
  outputDatasets: JsonValue[];
  settings: Record<string, string>;
  services: JsonObject;
  actionUris: JsonObject;
  runDefinition: JsonValue;
  jobSpecification: JsonValue;
  cancelationReason: string | null;
  /** By name; a metric of a namespace has the key `<namespace>/<name>`. */
  metrics: Map<string, MetricSeries>;
  revision: number;
  /** Real milliseconds of the last change, for what shows changes late. */
  changedAt: number;
}

/** What a new run must or may state; the rest has the service's defaults. */
export type RunSeed =
  & { readonly runId: string; readonly experimentId: string; readonly parentRunId?: string | null }
  & Partial<Omit<Run, "runId" | "experimentId" | "parentRunId" | "rootRunId" | "runUuid">>;

/** A run with the service's defaults for everything that the seed leaves open. */
export function newRun(
  seed: RunSeed,
  made: { now: string; rootRunId: string; guid: string },
): Run {
  const createdUtc = seed.createdUtc ?? made.now;
  const defaults: Omit<Run, "runId" | "experimentId"> = {
    runUuid: made.guid,
    rootRunId: made.rootRunId,
    parentRunId: null,
    runNumber: Math.floor(Date.parse(createdUtc) / 1000),
    createdUtc,
    startTimeUtc: null,
    endTimeUtc: null,
    lastModifiedUtc: made.now,
    status: "NotStarted",
    displayName: null,
    name: null,
    description: null,
    hidden: false,
    dataContainerId: `dcid.${seed.runId}`,
    createdBy: NOBODY,
    runType: null,
    runTypeV2: null,
    properties: {},
    parameters: {},
    tags: {},
    target: null,
    scriptName: null,
    primaryMetricName: null,
    compute: null,
    error: null,
    warnings: [],
    inputs: null,
    outputs: null,
    inputDatasets: [],
    outputDatasets: [],
    settings: {},
    services: {},
    actionUris: {},
    runDefinition: null,
    jobSpecification: null,
    cancelationReason: null,
    metrics: new Map(),
    revision: 1,
    changedAt: Date.now(),
  };
  return { ...defaults, ...seed, rootRunId: made.rootRunId, runUuid: made.guid };
}

const NOBODY: UserInfo = {
  userObjectId: "00000000-0000-0000-0000-000000000000",
  userTenantId: "00000000-0000-0000-0000-000000000000",
  userName: "Azml Tester",
};

/** The key of a metric in {@linkcode Run.metrics}: its name; with a namespace, what no name can be (names hold no NUL). */
export function metricKey(name: string, namespace: string | null): string {
  return namespace === null || namespace === "" ? name : `\0${JSON.stringify([namespace, name])}`;
}
