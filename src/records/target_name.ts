import { shortHash } from "./short_hash.ts";
import type { AssetKind } from "./asset.ts";
import type { As } from "./unit.ts";

/** The longest name that is given (Azure ML takes run ids of 256 characters). */
export const TARGET_NAME_MAX = 255;

/**
 * The name of a unit in the target: `<slug of the source id>-<10 base32 of sha256(as, source in lower case, id)>`
 * (for an object beside the jobs its kind stands for `as`),
 * at most 255 characters out of `[A-Za-z0-9_-]`, starting with a letter or digit. The same history always gets the
 * same name, which is what lets a second run find the first one's work.
 */
export function targetName(as: As | AssetKind, source: string | null, id: string): string {
  const text = `${as}\n${(source ?? "").toLowerCase()}\n${id}`;
  const hash = shortHash(text);
  const slug = id.replace(/[^A-Za-z0-9_-]/gu, "-").replace(/^[_-]+/, "");
  const start = (slug === "" ? "run" : slug).slice(0, TARGET_NAME_MAX - hash.length - 1);
  // Joined, because V8 keeps what `+` or a template puts together as a tree of two strings, and one such string in a
  // record makes the whole `JSON.stringify` of it twice as slow.
  return [start, hash].join("-");
}
