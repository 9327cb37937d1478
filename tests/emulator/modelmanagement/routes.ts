import type { JsonObject } from "../../../src/records/json.ts";
import { listValue, textMap, textValue } from "../history/body_values.ts";
import { addVersion } from "../mlflow/registry_state.ts";
import { bodyObject, type Context, json, type Reply, type RouteRow } from "../router.ts";

/** Rows of the v1 model management service that azureml-core registers models with: assets, then models. */
export const routes: RouteRow[] = [
  row("assets", createAsset),
  row("models", createModel),
];

function row(name: string, handler: RouteRow["handler"]): RouteRow {
  return {
    name: `modelmanagement.${name}`,
    method: "POST",
    path: `/modelmanagement/v1.0{+ws}/${name}`,
    effect: "write",
    handler,
  };
}

/** An asset names artifacts by prefix; the model that follows names the asset. */
function createAsset(context: Context): Reply {
  const body = bodyObject(context);
  const asset: JsonObject = {
    id: crypto.randomUUID().replaceAll("-", ""),
    name: textValue(body.name),
    description: textValue(body.description),
    artifacts: [...listValue(body.artifacts)],
    kvTags: textMap(body.kvTags),
    properties: textMap(body.properties),
    runid: textValue(body.runid),
    meta: null,
    createdTime: context.workspace.clock.now(),
  };
  return json(asset);
}

/** The next version of the model of this name; MLflow and ARM show the same one. */
function createModel(context: Context): Reply {
  const body = bodyObject(context);
  const name = textValue(body.name) ?? "model";
  const { version } = addVersion(context.workspace, name, {
    source: textValue(body.url) ?? "",
    runId: textValue(body.runId),
    description: textValue(body.description),
    tags: textMap(body.kvTags),
  });
  const now = context.workspace.clock.now();
  return json({
    ...body,
    id: `${name}:${version}`,
    version: Number(version),
    createdTime: now,
    modifiedTime: now,
  });
}
