import type { JsonObject, JsonValue } from "../records/json.ts";
import { filledAt, flagAt, objectAt, stringsAt, textAt } from "./json_fields.ts";
import { runFacts } from "./run_facts.ts";
import { serviceTime } from "./service_time.ts";

/**
 * What azml keeps of a run of the run history (Azure ML run history v1.0, object `Run`), null where the service has
 * nothing. Tokens and addresses with signatures, which the service puts into runs, are not among it.
 */
export interface Run {
  readonly id: string;
  readonly parent: string | null;
  readonly root: string | null;
  readonly experimentId: string | null;
  /** The container of its artifacts; of another run when the step was reused. */
  readonly dataContainerId: string | null;
  readonly displayName: string | null;
  readonly description: string | null;
  readonly hidden: boolean | null;
  readonly createdBy: string | null;
  readonly status: string | null;
  /** RFC 3339 in UTC. */
  readonly createdAt: string | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly tags: Readonly<Record<string, string>> | null;
  readonly properties: Readonly<Record<string, string>> | null;
  readonly parameters: Readonly<Record<string, string>> | null;
  readonly inputs: JsonValue;
  readonly outputs: JsonValue;
  readonly inputDatasets: JsonValue;
  readonly outputDatasets: JsonValue;
  readonly runType: string | null;
  readonly orchestrator: string | null;
  readonly traits: readonly string[];
  /** What it says beyond the fields of a record. */
  readonly facts: JsonObject | null;
}

/** Reads a run of the source from JSON; null when the object has no run id. */
export function parseRun(json: JsonObject): Run | null {
  const id = textAt(json, "runId");
  if (id === null) return null;
  const kind = objectAt(json, "runTypeV2");
  const creator = objectAt(json, "createdBy");
  return {
    id,
    parent: textAt(json, "parentRunId"),
    root: textAt(json, "rootRunId"),
    experimentId: textAt(json, "experimentId"),
    dataContainerId: textAt(json, "dataContainerId"),
    displayName: textAt(json, "displayName"),
    description: textAt(json, "description"),
    hidden: flagAt(json, "hidden"),
    createdBy: textAt(creator, "userName") ?? textAt(creator, "upn"),
    status: textAt(json, "status"),
    createdAt: serviceTime(textAt(json, "createdUtc")),
    startedAt: serviceTime(textAt(json, "startTimeUtc")),
    endedAt: serviceTime(textAt(json, "endTimeUtc")),
    tags: stringsAt(json, "tags"),
    properties: stringsAt(json, "properties"),
    parameters: stringsAt(json, "parameters"),
    inputs: filledAt(json, "inputs"),
    outputs: filledAt(json, "outputs"),
    inputDatasets: filledAt(json, "inputDatasets"),
    outputDatasets: filledAt(json, "outputDatasets"),
    runType: textAt(json, "runType"),
    orchestrator: textAt(kind, "orchestrator"),
    traits: traitsOf(kind),
    facts: runFacts(json),
  };
}

/** An array in run history, a map in the index service. */
function traitsOf(kind: JsonObject | null): string[] {
  const traits = kind?.["traits"];
  if (Array.isArray(traits)) return traits.filter((trait) => typeof trait === "string");
  return Object.keys(objectAt(kind, "traits") ?? {});
}
