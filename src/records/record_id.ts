import type { AnyRecord } from "./item.ts";

/** The fields that name what a record is about, first that is there: `id`, else a receipt's `unit`, else the `job` of `points`. */
const FIELDS = ["id", "unit", "job"] as const;

/** The id that messages name a record by; undefined when it has none. */
export function recordId(record: AnyRecord): string | undefined {
  for (const field of FIELDS) {
    const id = record[field];
    if (typeof id === "string" && id !== "") return id;
  }
  return undefined;
}
