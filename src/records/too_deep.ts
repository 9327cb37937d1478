/** Objects and lists within each other that a record may have; ten is much already, and ten thousand break whatever recurses. */
export const DEPTH_MAX = 500;

/** Fields whose schema leaves no room for depth, and that hold most of what there is to look at. */
const FLAT: ReadonlySet<string> = new Set(["metrics", "points", "more_points", "tags", "params"]);

/**
 * The field in which a record nests deeper than {@linkcode DEPTH_MAX}; null when there is none. The record must fit its
 * schema: the fields that it bounds are not looked at.
 */
export function tooDeepField(record: Readonly<Record<string, unknown>>): string | null {
  for (const field of Object.keys(record)) {
    if (!FLAT.has(field) && isDeeper(record[field], DEPTH_MAX - 1)) return field;
  }
  return null;
}

/** Whether a value has more than `levels` objects and lists within each other. Looks no deeper than that. */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  for (const one of Object.values(value)) if (isDeeper(one, levels - 1)) return true;
  return false;
}
