import type { JsonObject } from "../../../src/records/json.ts";
import { notFound } from "../errors.ts";
import { parseAssetId } from "../data/asset_id.ts";
import { textList, textValue } from "../history/body_values.ts";
import { bodyObject, type Context, json, type Reply, type RouteRow } from "../router.ts";

/** The service's word for an ARM model type. */
const TYPES: Readonly<Record<string, string>> = {
  custom_model: "CUSTOM",
  mlflow_model: "MLFLOW",
  triton_model: "TRITON",
};

/** The row of the model registry's data plane, `modelregistry/v1.0` (Azure ML data service B.6). */
export const routes: RouteRow[] = [
  {
    name: "modelregistry.batchGetResolvedUris",
    method: "POST",
    path: "/modelregistry/v1.0{+ws}/models/batchGetResolvedUris",
    effect: "read",
    handler: resolveUris,
  },
];

/** `{values: [id]}` to `{values: {id: {path, type}}}`. */
function resolveUris(context: Context): Reply {
  const values: JsonObject = {};
  for (const id of textList(bodyObject(context).values)) {
    const named = parseAssetId(id, "models");
    const asset = named === null ? undefined : context.workspace.asset("models", named.name, named.version);
    if (asset === undefined) throw notFound(`Model with id ${id} was not found`);
    const type = TYPES[textValue(asset.properties.modelType)?.toLowerCase() ?? ""] ?? "CUSTOM";
    values[id] = { path: textValue(asset.properties.modelUri), type };
  }
  return json({ values });
}
