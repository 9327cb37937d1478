import { isJsonObject, type JsonObject, type JsonValue } from "../records/json.ts";

/** Fields of a run that a record has a place for, and what none may hold. */
const ELSEWHERE: ReadonlySet<string> = new Set(
  ("runId parentRunId rootRunId displayName description hidden status createdUtc startTimeUtc endTimeUtc tags " +
    "properties parameters inputs outputs inputDatasets outputDatasets token tokenExpiryTimeUtc").split(" "),
);

/** A link that ends with its signature's life: who has it may read. */
const SIGNED_LINK = /^https?:\/\/\S+[?&]sig=\S*$/i;

/**
 * What run history says of a run beyond the fields of a record (its error and warnings, target, compute, script,
 * services, durations ...), as given, without what is empty and without signed links; null when there is nothing.
 * Azure ML run history v1.0, object `Run`.
 */
export function runFacts(run: JsonObject): JsonObject | null {
  const facts: [string, JsonValue][] = [];
  for (const [name, value] of Object.entries(run)) {
    if (ELSEWHERE.has(name)) continue;
    const kept = withoutEmpty(value);
    if (kept !== null) facts.push([name, kept]);
  }
  return facts.length === 0 ? null : Object.fromEntries(facts);
}

/** The value without empty members; null when nothing is left. Members of arrays keep their places. */
function withoutEmpty(value: JsonValue): JsonValue {
  if (typeof value === "string") return value === "" || SIGNED_LINK.test(value) ? null : value;
  if (Array.isArray(value)) return value.length === 0 ? null : value.map(withoutEmpty);
  if (!isJsonObject(value)) return value;
  const members: [string, JsonValue][] = [];
  for (const [name, member] of Object.entries(value)) {
    const kept = withoutEmpty(member);
    if (kept !== null) members.push([name, kept]);
  }
  return members.length === 0 ? null : Object.fromEntries(members);
}
