import type { JsonObject } from "../records/json.ts";
import type { Loss } from "../records/loss.ts";
import type { Route } from "../wire/wire.ts";
import { type AssetScope, tryToSet } from "./asset_scope.ts";
import { DIGEST_TAG, goneTags } from "./asset_tags.ts";

/** How tags of one kind of object are written. */
export interface TagRoutes {
  readonly set: Route;
  readonly remove: Route;
  /** What names the object in a body. */
  readonly of: JsonObject;
}

/**
 * Brings an object's tags to what they shall be: sets what differs, takes away what azml brought and the source has no more. What the
 * server refuses is told as loss. Answers whether anything was sent; `there` is kept in step.
 */
export async function syncTags(
  scope: Pick<AssetScope, "server">,
  { set, remove, of }: TagRoutes,
  there: Record<string, string>,
  wanted: Readonly<Record<string, string>>,
  loss: Loss[],
): Promise<boolean> {
  const gone = goneTags(there, wanted);
  let isChanged = gone.length > 0;
  // First, because the list of what was brought is one of the tags that are set.
  for (const key of gone) {
    await tryToSet(scope, remove, { ...of, key });
    delete there[key];
  }
  for (const [key, value] of Object.entries(wanted)) {
    if (there[key] === value) continue;
    const refused = await tryToSet(scope, set, { ...of, key, value });
    if (refused !== null) {
      loss.push({ field: `tags.${key}`, change: "dropped", reason: refused, original: value });
    } else there[key] = value;
    isChanged = true;
  }
  return isChanged;
}

/** Leaves the digest behind, where it is not there yet. */
export async function leaveDigest(
  scope: Pick<AssetScope, "server">,
  { set, of }: TagRoutes,
  there: Record<string, string>,
  digest: string,
): Promise<void> {
  if (there[DIGEST_TAG] === digest) return;
  await scope.server.send(set, { body: { ...of, key: DIGEST_TAG, value: digest } });
  there[DIGEST_TAG] = digest;
}
