import type { JsonObject } from "../../../src/records/json.ts";
import { isJsonObject } from "../../../src/records/json.ts";
import { badRequest, ServiceError } from "../errors.ts";
import { bodyObject, type Context, empty, json, type Reply } from "../router.ts";
import type { Asset, AssetKind } from "../state.ts";
import { assetKinds } from "./asset_kinds.ts";
import { armPage } from "./paging.ts";
import { madeNow, resource } from "./resource.ts";

/** Handlers of the container and version routes of one kind of asset. */
export function assetHandlers(
  kind: AssetKind,
): Record<
  "list" | "container" | "putContainer" | "versions" | "get" | "put" | "remove",
  (context: Context) => Reply
> {
  return {
    list: (context) =>
      armPage(context, containers(context, kind), (name) => containerView(context, kind, name)),
    container: (context) => getContainer(context, kind),
    putContainer: (context) => putContainer(context, kind),
    versions: (context) => listVersions(context, kind),
    get: (context) => json(view(context, find(context, kind))),
    put: (context) => putVersion(context, kind),
    remove: (context) => remove(context, kind),
  };
}

function ofKind(context: Context, kind: AssetKind): Asset[] {
  return [...context.workspace.assets.values()].filter((asset) => asset.kind === kind);
}

function containers(context: Context, kind: AssetKind): string[] {
  return [...new Set(ofKind(context, kind).map(({ name }) => name))];
}

function getContainer(context: Context, kind: AssetKind): Reply {
  const { name = "" } = context.params;
  if (!containers(context, kind).includes(name)) throw missing(kind, name);
  return json(containerView(context, kind, name));
}

function putContainer(context: Context, kind: AssetKind): Reply {
  const { name = "" } = context.params;
  const sent = bodyObject(context).properties;
  const archived = isJsonObject(sent) && sent.isArchived === true;
  for (const asset of ofKind(context, kind)) {
    if (asset.name === name) asset.properties = { ...asset.properties, isArchived: archived };
  }
  return json(containerView(context, kind, name));
}

function containerView(context: Context, kind: AssetKind, name: string): JsonObject {
  const versions = ofKind(context, kind).filter((asset) => asset.name === name);
  const newest = versions.at(-1);
  const numbers = versions.map(({ version }) => Number(version)).filter(Number.isInteger);
  const properties = {
    description: newest?.properties.description ?? null,
    tags: {},
    properties: {},
    isArchived: versions.length > 0 && versions.every((asset) => asset.properties.isArchived === true),
    latestVersion: newest?.version ?? null,
    nextVersion: String(Math.max(0, ...numbers) + 1),
    ...(kind === "data" ? { dataType: newest?.properties.dataType ?? null } : {}),
  };
  return resource(context, {
    path: `${kind}/${name}`,
    properties,
    systemData: newest?.systemData ?? madeNow(context),
  });
}

/** Newest first, which is what `$orderBy=createdtime desc` asks for; `hash` and `hashVersion` find a code. */
function listVersions(context: Context, kind: AssetKind): Reply {
  const { query, params } = context;
  const top = query.get("$top");
  const hash = query.get("hash");
  const view_ = query.get("listViewType")?.toLowerCase() ?? "activeonly";
  const found = ofKind(context, kind).filter((asset) =>
    asset.name === params.name && (hash === null || hashOf(asset) === hash) &&
    (view_ === "all" || (asset.properties.isArchived === true) === (view_ === "archivedonly"))
  ).reverse();
  if (top !== null) return json({ value: found.slice(0, Number(top)).map((asset) => view(context, asset)) });
  return armPage(context, found, (asset) => view(context, asset));
}

function hashOf(asset: Asset): string | null {
  const bag = asset.properties.properties;
  const hash = isJsonObject(bag) ? bag.hash_sha256 : null;
  return typeof hash === "string" ? hash : null;
}

function putVersion(context: Context, kind: AssetKind): Reply {
  const sent = bodyObject(context).properties;
  if (!isJsonObject(sent)) throw badRequest(`The version of ${kind} has no properties.`);
  const rules = assetKinds[kind];
  const { name = "", version: asked = "" } = context.params;
  const version = rules.version?.(context, asked, sent) ?? asked;
  const known = context.workspace.asset(kind, name, version);
  const properties = rules.shape(sent);
  if (known !== undefined && rules.fixed !== undefined) keepFixed(known, rules.fixed, properties);
  const asset: Asset = { kind, name, version, properties, systemData: known?.systemData ?? madeNow(context) };
  context.workspace.putAsset(asset);
  return json(view(context, asset), known === undefined ? 201 : 200, { location: context.url.href });
}

function keepFixed(known: Asset, field: string, properties: JsonObject): void {
  if (known.properties[field] === properties[field]) return;
  throw badRequest("(UserError) Asset paths cannot be updated.", ["BadArgument", "AssetPathImmutable"]);
}

function remove(context: Context, kind: AssetKind): Reply {
  const { name = "", version = "" } = context.params;
  return empty(context.workspace.removeAsset(kind, name, version) ? 200 : 204);
}

function find(context: Context, kind: AssetKind): Asset {
  const { name = "", version = "" } = context.params;
  const asset = context.workspace.asset(kind, name, version);
  if (asset === undefined) throw missing(kind, `${name}:${version}`);
  return asset;
}

function missing(kind: string, name: string): ServiceError {
  return new ServiceError({
    status: 404,
    code: "UserError",
    inner: ["NotFound", "AssetNotFound"],
    message: `Could not find asset of ${kind} with ID: ${name}.`,
  });
}

function view(context: Context, asset: Asset): JsonObject {
  const { kind, name, version, properties, systemData } = asset;
  return resource(context, { path: `${kind}/${name}/versions/${version}`, properties, systemData });
}
