import { type LimitName, limitOf, LIMITS } from "../records/limits.ts";
import { shortHash } from "../records/short_hash.ts";
import type { For } from "../records/unit.ts";
import { cutText } from "../records/well_formed.ts";

const NOT_IN_MLFLOW = /[^\p{L}\p{N}_\-./: ]/gu;

/** A name as the target takes it, and why it had to change (null when it did not). */
export interface FittedKey {
  readonly key: string;
  readonly reason: string | null;
}

/**
 * Makes the name of a tag, param or metric fit the target. A name that has to change ends in a hash of the whole
 * name, so that two names never become one.
 */
export function fitKey(world: For, name: LimitName, key: string): FittedKey {
  const max = limitOf(world, name);
  const allowed = LIMITS[world].names === null ? key : mlflowName(key);
  if (allowed === key && key.length <= max) return { key, reason: null };
  const hash = shortHash(key);
  const reason = allowed === key
    ? `longer than the ${max} characters that ${world} takes in a name`
    : `${world} takes no such characters or path in a name`;
  return { key: `${cutText(allowed, max - hash.length - 1)}_${hash}`, reason };
}

/** MLflow takes letters, digits, `_ - . / :` and space, and refuses what is not a normalized relative path. */
function mlflowName(key: string): string {
  const clean = key.replace(NOT_IN_MLFLOW, "_");
  const isPath = clean.split("/").every((part) => part !== "" && part !== "." && part !== "..");
  return isPath ? clean : clean.replaceAll("/", "_").replace(/^\.+$/, "_");
}
