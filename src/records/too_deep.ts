/** Objects and lists within each other that a record may have; ten is much already, and ten thousand break whatever recurses. */
export const DEPTH_MAX = 500;

/** Fields whose schema leaves no room for depth, and that hold most of what there is to look at. */
const FLAT: ReadonlySet<string> = new Set(["metrics", "points", "more_points", "tags", "params"]);

/**
 * The field in which a record nests deeper than {@linkcode DEPTH_MAX}; null when there is none. The record must fit its
 * schema: the fields that it bounds are not looked at.
 */
export function tooDeepField(record: Readonly<Record<string, unknown>>): string | null {
  for (const field in record) {
    const value = record[field];
    if (typeof value === "object" && !FLAT.has(field) && isDeeper(value, DEPTH_MAX - 1)) return field;
  }
  return null;
}

/** Whether a value has more than `levels` objects and lists within each other. Looks no deeper than that. */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) if (isDeeper(value[i], levels - 1)) return true;
    return false;
  }
  // What is neither null nor a list has fields by name; `in` makes no list of them.
  const fields = value as Readonly<Record<string, unknown>>;
  for (const key in fields) {
    const one = fields[key];
    if (typeof one === "object" && isDeeper(one, levels - 1)) return true;
  }
  return false;
}
