import type { AnyRecord, Item } from "../records/item.ts";
import { isJsonObject } from "../records/json.ts";

/**
 * Notes in a job, as `extract` does, that what lies deeper was left out on request. One that was cut at least as much
 * before stays as it came, its line too.
 */
export function noteDepth(item: Item, maxDepth: number | null): Item {
  const { record } = item;
  if (maxDepth === null || record.kind !== "job") return item;
  const given = record["reduced"];
  const reduced: Readonly<Record<string, unknown>> = isJsonObject(given) ? given : {};
  const before = reduced["max_depth"];
  if (typeof before === "number" && before <= maxDepth) return item;
  return { record: withReduced(record, { ...reduced, max_depth: maxDepth }) };
}

/** The same record, `reduced` in its place: before `redacted`, which is the last of the protocol's fields. */
function withReduced(record: AnyRecord, reduced: Readonly<Record<string, unknown>>): AnyRecord {
  if ("reduced" in record || !("redacted" in record)) return { ...record, reduced };
  const { redacted, ...others } = record;
  return { ...others, reduced, redacted };
}
