import type { JsonObject } from "../../../src/records/json.ts";
import { badRequest, notFound } from "../errors.ts";
import { textList, textValue } from "../history/body_values.ts";
import { findRun } from "../history/find_run.ts";
import { bodyObject, type Context, json, type Reply, type RouteRow } from "../router.ts";
import type { Asset } from "../state.ts";
import { guidFrom } from "../state/guid.ts";
import { assetId, parseAssetId } from "./asset_id.ts";

const BASE = "/data/v1.0{+ws}/dataversion";

/** Rows of the data service, `data/v1.0` (Azure ML data service B.6). */
export const routes: RouteRow[] = [
  row("batchGetResolvedUris", "read", resolveUris),
  row("getByAssetId", "read", getByAssetId),
  row("createUnregisteredOutput", "write", createOutput),
];

function row(verb: string, effect: RouteRow["effect"], handler: RouteRow["handler"]): RouteRow {
  return { name: `data.${verb}`, method: "POST", path: `${BASE}/${verb}`, effect, handler };
}

/** The service's word for an ARM data type. */
const TYPES: Readonly<Record<string, string>> = {
  uri_file: "UriFile",
  uri_folder: "UriFolder",
  mltable: "MLTable",
};

function find(context: Context, id: string): Asset {
  const named = parseAssetId(id, "data");
  const asset = named === null ? undefined : context.workspace.asset("data", named.name, named.version);
  if (asset === undefined) throw notFound(`Data version with asset id ${id} was not found`);
  return asset;
}

function typeOf(asset: Asset): string {
  return TYPES[textValue(asset.properties.dataType)?.toLowerCase() ?? ""] ?? "UriFolder";
}

/** `{values: [assetId]}` to `{values: {assetId: {uri, type}}}`. */
function resolveUris(context: Context): Reply {
  const values: JsonObject = {};
  for (const id of textList(bodyObject(context).values)) {
    const asset = find(context, id);
    values[id] = { uri: textValue(asset.properties.dataUri), type: typeOf(asset) };
  }
  return json({ values });
}

/** `{value: assetId}` to the whole data version. */
function getByAssetId(context: Context): Reply {
  return json(versionView(context, find(context, textValue(bodyObject(context).value) ?? "")));
}

/** `{RunId, OutputName, Type, Uri}` to `{latestVersion}`: a version that stands in no list, only on the run. */
function createOutput(context: Context): Reply {
  const body = bodyObject(context);
  const run = findRun(context.workspace, textValue(body.RunId) ?? "");
  const uri = textValue(body.Uri);
  if (uri === null) throw badRequest("A data output needs an Uri.");
  const now = new Date(context.workspace.clock.millis()).toISOString();
  const asset: Asset = {
    kind: "data",
    name: `azureml_${run.runId}_output_data_${textValue(body.OutputName) ?? "default"}`,
    version: "1",
    properties: {
      dataType: armType(textValue(body.Type)),
      dataUri: uri,
      runId: run.runId,
      isAnonymous: true,
    },
    systemData: { createdAt: now, createdBy: run.createdBy.userName, lastModifiedAt: now },
  };
  context.workspace.putAsset(asset);
  return json({ latestVersion: versionView(context, asset) });
}

function armType(type: string | null): string {
  return Object.entries(TYPES).find(([, word]) => word === type)?.[0] ?? "uri_folder";
}

function versionView(context: Context, asset: Asset): JsonObject {
  const id = assetId(context.workspace, "data", asset);
  return {
    dataVersion: {
      assetId: id,
      dataContainerName: asset.name,
      dataType: typeOf(asset),
      dataUri: textValue(asset.properties.dataUri),
      versionId: asset.version,
      mutableProps: {
        dataExpiryTime: null,
        description: textValue(asset.properties.description),
        tags: asset.properties.tags ?? null,
        isArchived: asset.properties.isArchived === true,
        stage: "Logged",
        autoDeleteSetting: null,
      },
      referencedDataUris: asset.properties.referencedUris ?? null,
      properties: asset.properties.properties ?? null,
      initialAssetId: id,
      isRegistered: asset.properties.isAnonymous !== true,
      runId: textValue(asset.properties.runId),
      originAssetId: null,
    },
    entityMetadata: {
      etag: `"${guidFrom(id)}"`,
      createdTime: asset.systemData.createdAt,
      modifiedTime: asset.systemData.lastModifiedAt,
      createdBy: { userName: asset.systemData.createdBy },
      modifiedBy: null,
    },
    legacyDatasetId: guidFrom(`${id}/legacy`),
    isV2: true,
    legacyDatasetType: null,
    legacyDataflowType: null,
    legacyDataflow: null,
    legacySavedDatasetId: null,
    putAssetLROResponseDto: null,
  };
}
