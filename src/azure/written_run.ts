import { isJsonObject, type JsonValue } from "../records/json.ts";
import { flagAt, objectAt, stringsAt, textAt } from "./json_fields.ts";

/** A run as the target holds it: what writing compares and builds on. */
export interface WrittenRun {
  readonly id: string;
  readonly experimentId: string | null;
  readonly parent: string | null;
  readonly displayName: string | null;
  readonly description: string | null;
  readonly status: string | null;
  readonly started: string | null;
  readonly ended: string | null;
  readonly hidden: boolean;
  readonly tags: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, string>>;
  readonly properties: Readonly<Record<string, string>>;
  /** Container of its artifacts and metrics; `dcid.<id>` where the service does not say. */
  readonly dataContainer: string;
}

/** Reads a Run of run history; null when it is none. Takes nothing else of it: a Run may carry a token. */
export function writtenRun(body: JsonValue): WrittenRun | null {
  if (!isJsonObject(body)) return null;
  const id = textAt(body, "runId");
  if (id === null) return null;
  return {
    id,
    experimentId: textAt(body, "experimentId"),
    parent: textAt(body, "parentRunId"),
    displayName: textAt(body, "displayName"),
    description: textAt(body, "description"),
    status: textAt(body, "status"),
    started: textAt(body, "startTimeUtc"),
    ended: textAt(body, "endTimeUtc"),
    hidden: flagAt(body, "hidden") ?? false,
    tags: stringsAt(body, "tags") ?? {},
    params: stringsAt(body, "parameters") ?? {},
    properties: stringsAt(body, "properties") ?? {},
    dataContainer: textAt(body, "dataContainerId") ?? `dcid.${id}`,
  };
}

/** The runs of a `batchrundata` answer by the key they were asked under. */
export function writtenRuns(body: JsonValue): Map<string, WrittenRun> {
  const runs = new Map<string, WrittenRun>();
  const results = isJsonObject(body) ? objectAt(body, "successfulResults") : null;
  for (const [key, result] of Object.entries(results ?? {})) {
    const run = isJsonObject(result) ? writtenRun(result.runMetadata ?? null) : null;
    if (run !== null) runs.set(key, run);
  }
  return runs;
}
