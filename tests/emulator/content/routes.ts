import { createHash } from "node:crypto";
import { parseAssetId } from "../data/asset_id.ts";
import { notFound } from "../errors.ts";
import { textValue } from "../history/body_values.ts";
import { bodyObject, type Context, json, type Reply, type RouteRow } from "../router.ts";
import { type SnapshotFile, snapshotTree } from "./snapshot_tree.ts";

/** Where the files of a snapshot lie. */
interface SnapshotPlace {
  readonly container: string;
  /** With a slash at the end, or empty. */
  readonly prefix: string;
}

/** Rows of the content service, `content/v2.0` (Azure ML snapshots B.6). */
export const routes: RouteRow[] = [
  {
    name: "content.snapshots.sas",
    method: "POST",
    path: "/content/v2.0{+ws}/snapshots/sas",
    effect: "read",
    handler: snapshotSas,
  },
  {
    name: "content.snapshots.getByHash",
    method: "GET",
    path: "/content/v2.0{+ws}/snapshots/getByHash",
    effect: "read",
    handler: getByHash,
  },
];

/** `{snapshotOrAssetId}` to the tree of its files, a read link for each. */
async function snapshotSas(context: Context): Promise<Reply> {
  const id = textValue(bodyObject(context).snapshotOrAssetId) ?? "";
  const place = placeOf(context, id);
  const blobs = place === null ? [] : await context.workspace.storage.list(place.container, place.prefix);
  if (place === null || blobs.length === 0) throw notFound(`Snapshot ${id} was not found`);
  const files = await Promise.all(blobs.map(({ name, size }) => fileOf(context, place, name, size)));
  return json(snapshotTree(files));
}

/**
 * A snapshot's guid names a code asset of that name, or the folder `snapshots/<id>/` of the default blob store, where
 * scenarios put what old SDKs uploaded; an asset id names a version of a code.
 */
function placeOf({ workspace }: Context, id: string): SnapshotPlace | null {
  const named = parseAssetId(id, "codes") ?? { name: id, version: "1" };
  const uri = textValue(workspace.asset("codes", named.name, named.version)?.properties.codeUri);
  if (uri !== null) return placeOfUri(uri, workspace.storage.account);
  const container = workspace.datastores.get("workspaceblobstore")?.container ?? null;
  return container === null ? null : { container, prefix: `snapshots/${id}/` };
}

/** Container and folder of a blob address, the account in the host name or in front of the path. */
function placeOfUri(uri: string, account: string): SnapshotPlace | null {
  const [head = "", ...rest] = new URL(uri).pathname.split("/").filter((part) => part !== "").map(
    decodeURIComponent,
  );
  const [container = "", ...folders] = head === account ? rest : [head, ...rest];
  return container === "" ? null : { container, prefix: folders.map((name) => `${name}/`).join("") };
}

async function fileOf(
  { workspace, base }: Context,
  { container, prefix }: SnapshotPlace,
  name: string,
  size: number,
): Promise<SnapshotFile> {
  const bytes = await workspace.storage.read(container, name) ?? new Uint8Array();
  return {
    path: name.slice(prefix.length),
    size,
    hash: createHash("md5").update(bytes).digest("hex").toUpperCase(),
    sasUrl: workspace.storage.sasUrl(base, container, name, "r"),
    absoluteUrl: workspace.storage.url(base, container, name),
  };
}

/** `?hash=&hashVersion=`: the code of a content hash; 404 when nobody uploaded it. */
function getByHash({ workspace, query }: Context): Reply {
  const hash = query.get("hash");
  for (const asset of workspace.assets.values()) {
    const held = asset.properties.properties;
    if (asset.kind !== "codes" || typeof held !== "object" || held === null || Array.isArray(held)) continue;
    if (hash !== null && held.hash_sha256 === hash) return json({ id: asset.name, name: asset.name, hash });
  }
  throw notFound(`Snapshot with hash ${hash} was not found`);
}
