import { ASSET_KINDS } from "../records/asset.ts";
import type { Tally } from "../records/tally.ts";

/** Kinds that a stage can do its work on. */
const SUBJECTS = ["job", "unit", "receipt"] as const;

/** Stages whose name is no word for what they do. */
const VERBS: Readonly<Record<string, string>> = { tree: "draw" };

/**
 * What to say of an input that has come to its end and held records, but none that the stage works on (`kinds` are
 * those that it reads): such a run would look like one that found all well. Null when some came, or nothing at all.
 */
export function nothingTo(kinds: ReadonlySet<string>, tally: Tally): string | null {
  const came = tally.kindsIn;
  const subjects = SUBJECTS.filter((kind) => kind !== "receipt" || kinds.has(kind));
  if (!kinds.has("job") || subjects.some((kind) => came.has(kind))) return null;
  if (ASSET_KINDS.some((kind) => kinds.has(kind) && came.has(kind))) return null;
  if (came.size === 0 && tally.endsSeen === 0) return null;
  const others = [...came].map(([kind, n]) => `${n} ${kind}`).join(", ");
  const count = [...came.values()].reduce((sum, n) => sum + n, 0);
  const held = count === 0 ? "" : `${others} ${count === 1 ? "record" : "records"} and `;
  const wanted = `${subjects.slice(0, -1).join(", ")} or ${subjects.at(-1)}`;
  return `nothing to ${VERBS[tally.stage] ?? tally.stage}: the input holds ${held}no ${wanted}`;
}
