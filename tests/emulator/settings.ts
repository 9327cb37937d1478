/**
 * What the emulator does where public sources do not say what the service does, and how large its pages are.
 * Each behaviour that is unconfirmed for the real service sits behind a field here, so that a test can try both answers.
 */
export interface Settings {
  /** Items a page of the ARM job list (and other ARM lists) holds. */
  armPageSize: number;
  /** Runs a page of children and `runs:query` holds when the request names no `top`. */
  historyPageSize: number;
  /** The most runs a page holds, whatever `top` says. */
  historyMaxPageSize: number;
  /** Metric rows a page of `metric/v2.0 .../full` holds. */
  metricPageSize: number;
  /** Artifacts a page of an artifact listing holds. */
  artifactPageSize: number;
  /** Points a page of MLflow `get-history` holds when the request names no `max_results`; 0 = never paged. */
  mlflowPageSize: number;
  /** Every n-th page of an ARM list is empty and still has a `nextLink`; 0 = never. */
  emptyPageEvery: number;
  /** Which route for times in the past a run takes: fields of CreateRun, events with StartTime/EndTime, or neither. */
  backdate: "fields" | "events" | "none";
  /** Whether a run-history filter may join clauses with `or`. */
  orQueries: boolean;
  /** Whether `POST batchrundata` is there (404 otherwise). */
  batchRunData: boolean;
  /** Whether the index service is there (404 otherwise). */
  indexService: boolean;
  /** Milliseconds until the index service shows a change. */
  indexDelayMs: number;
  /** Whether sweep trials stand in the ARM job list. */
  trialsInArmList: boolean;
  /** How metric answers spell NaN and infinities: as strings, or as bare tokens (not valid JSON). */
  nonFinite: "strings" | "tokens";
  /** How many reads of a freshly written metric answer without it (late metrics); 0 = at once. */
  metricDelayReads: number;
  /** Whether the limits (50 tags, 250 rows, 200 parameters ...) are enforced. */
  enforceLimits: boolean;
  /** Audiences that the data plane takes a token for. */
  dataPlaneAudiences: readonly ("arm" | "ml")[];
  /** Whether tokens are looked at at all. */
  checkTokens: boolean;
  /** Whether a SAS token is answered by `listSecrets` whatever the request says; else only for `expirableSecret`. */
  alwaysSas: boolean;
  /** Lifetime of the SAS that services hand out, in minutes (the service: about 8 hours). */
  sasMinutes: number;
  /** Whether Put Blob From URL and Put Block From URL are answered (Azurite says 501). */
  blobFromUrl: boolean;
  /** Whether the 200-parameter, append-only rules of properties and parameters are kept. */
  appendOnly: boolean;
  /** Milliseconds every answer waits. */
  latencyMs: number;
}

/** The settings a test gets when it names none. */
export const defaultSettings: Settings = {
  armPageSize: 5,
  historyPageSize: 100,
  historyMaxPageSize: 500,
  metricPageSize: 1000,
  artifactPageSize: 100,
  mlflowPageSize: 0,
  emptyPageEvery: 2,
  backdate: "fields",
  orQueries: true,
  batchRunData: true,
  indexService: true,
  indexDelayMs: 0,
  trialsInArmList: false,
  nonFinite: "strings",
  metricDelayReads: 0,
  enforceLimits: true,
  dataPlaneAudiences: ["arm", "ml"],
  checkTokens: true,
  alwaysSas: false,
  sasMinutes: 490,
  blobFromUrl: true,
  appendOnly: true,
  latencyMs: 0,
};
