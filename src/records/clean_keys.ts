import { redactText } from "./secret_texts.ts";

/** How many names are remembered: those of records are few, and each is asked for in every record. */
const NAMES_KEPT = 10_000;
const known = new Map<string, string>();

/** A name without its secrets (`?sig=...`); the very same name when it holds none. */
export function cleanName(name: string): string {
  const cached = known.get(name);
  if (cached !== undefined) return cached;
  const clean = redactText(name);
  if (known.size < NAMES_KEPT) known.set(name, clean);
  return clean;
}

/**
 * The names of one map without their secrets, in the same order; the very same array when none holds any. Two names
 * stay two: one that would be the same as another gets a counter behind it, ` (2)`.
 */
export function cleanKeys(names: readonly string[]): readonly string[] {
  if (names.every((name) => cleanName(name) === name)) return names;
  const taken = new Set(names.filter((name) => cleanName(name) === name));
  return names.map((name) => {
    const clean = cleanName(name);
    return clean === name ? name : freeName(clean, taken);
  });
}

/** A name that is not taken, and takes it: the given one, or that with a counter. */
export function freeName(name: string, taken: Set<string>): string {
  let free = name;
  for (let n = 2; taken.has(free); n++) free = `${name} (${n})`;
  taken.add(free);
  return free;
}
