import { overLimit } from "../errors.ts";

/** The service's limits that a run's fields must keep (Azure ML service limits, B.5), by field name. */
const TEXT_LIMITS = { DisplayName: 256, Description: 5000, RunId: 256, ParentRunId: 256 } as const;

/** Limits of a map of strings: entries, length of a key, length of a value. */
interface MapLimits {
  readonly entries: number;
  readonly key: number;
  readonly value: number;
}

/** Tags and properties: 50 of 100 and 1000 characters; parameters: 200 (the value's limit is unconfirmed: 1000). */
export const MAP_LIMITS = {
  Tags: { entries: 50, key: 100, value: 1000 },
  Properties: { entries: 50, key: 100, value: 1000 },
  Parameters: { entries: 200, key: 255, value: 1000 },
} as const satisfies Record<string, MapLimits>;

/** Throws `ServiceError` 400 with the service's words when a text is longer than its field may be. */
export function checkText(field: keyof typeof TEXT_LIMITS, text: string | null): void {
  const limit = TEXT_LIMITS[field];
  if (text !== null && text.length > limit) throw overLimit(field, limit, text.length);
}

/**
 * Throws `ServiceError` 400 when `added` cannot join `held`: too many entries together, or a key or value too long.
 * What is there already is not looked at: the platform's own tags may be longer.
 */
export function checkMap(
  field: keyof typeof MAP_LIMITS,
  held: Readonly<Record<string, string>>,
  added: Readonly<Record<string, string>>,
): void {
  const limits = MAP_LIMITS[field];
  for (const [key, value] of Object.entries(added)) {
    if (key.length > limits.key) throw overLimit(`${field}.Key`, limits.key, key.length);
    if (value.length > limits.value) throw overLimit(`${field}.Value`, limits.value, value.length);
  }
  const fresh = Object.keys(added).filter((key) => !Object.hasOwn(held, key)).length;
  const size = Object.keys(held).length + fresh;
  if (fresh > 0 && size > limits.entries) throw overLimit(field, limits.entries, size);
}
