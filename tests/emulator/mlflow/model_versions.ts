import { isJsonObject, type JsonObject } from "../../../src/records/json.ts";
import { listValue, numberValue, textMap, textValue } from "../history/body_values.ts";
import { pageWindow } from "../history/page_window.ts";
import { type Context, json, type Reply } from "../router.ts";
import type { Asset } from "../state.ts";
import { mlflowInput, requiredText } from "./mlflow_input.ts";
import { addVersion, findModel, findVersion, registeredModels, versionJson } from "./registry_state.ts";

const DEFAULT_RESULTS = 10_000;

function named(context: Context): Asset {
  const input = mlflowInput(context);
  return findVersion(context.workspace, requiredText(input, "name"), requiredText(input, "version"));
}

function answer(context: Context, asset: Asset): Reply {
  return json({ model_version: versionJson(findModel(context.workspace, asset.name), asset) });
}

function change(context: Context, asset: Asset, properties: JsonObject): Asset {
  asset.properties = { ...asset.properties, ...properties };
  asset.systemData.lastModifiedAt = new Date(context.workspace.clock.millis()).toISOString();
  return asset;
}

/** `model-versions/create`: the next version of a registered model. */
export function createVersion(context: Context): Reply {
  const input = mlflowInput(context);
  const { name } = findModel(context.workspace, requiredText(input, "name"));
  const tags = listValue(input.tags).filter(isJsonObject);
  const asset = addVersion(context.workspace, name, {
    source: requiredText(input, "source"),
    runId: textValue(input.run_id),
    description: textValue(input.description),
    tags: Object.fromEntries(tags.map(({ key, value }) => [textValue(key), textValue(value) ?? ""])),
  });
  return answer(context, asset);
}

/** `model-versions/get`. */
export function getVersion(context: Context): Reply {
  return answer(context, named(context));
}

/** `model-versions/search`: by `name='...'` and `run_id='...'`, newest first, paged. */
export function searchVersions(context: Context): Reply {
  const input = mlflowInput(context);
  const filter = textValue(input.filter) ?? "";
  const name = /\bname\s*=\s*'([^']*)'/i.exec(filter)?.[1];
  const run = /\brun_id\s*=\s*'([^']*)'/i.exec(filter)?.[1];
  const models = registeredModels(context.workspace);
  const found = [...context.workspace.assets.values()].filter((asset) =>
    asset.kind === "models" && (name === undefined || asset.name === name) &&
    (run === undefined || asset.properties.jobName === run)
  ).reverse();
  const size = numberValue(input.max_results) ?? DEFAULT_RESULTS;
  const page = pageWindow(found.length, textValue(input.page_token), { size, emptyEvery: 0 });
  const versions = found.slice(page.from, page.to).flatMap((asset) => {
    const model = models.get(asset.name);
    return model === undefined ? [] : [versionJson(model, asset)];
  });
  return json({ model_versions: versions, ...(page.token === null ? {} : { next_page_token: page.token }) });
}

/** `model-versions/get-download-uri`. */
export function downloadUri(context: Context): Reply {
  return json({ artifact_uri: textValue(named(context).properties.modelUri) ?? "" });
}

/** `model-versions/transition-stage`. */
export function transitionStage(context: Context): Reply {
  return answer(
    context,
    change(context, named(context), { stage: requiredText(mlflowInput(context), "stage") }),
  );
}

/** `PATCH model-versions/update`: the description. */
export function updateVersion(context: Context): Reply {
  const description = textValue(mlflowInput(context).description);
  return answer(context, change(context, named(context), { description }));
}

/** `model-versions/set-tag` and `DELETE model-versions/delete-tag`. */
export function tagVersion(context: Context): Reply {
  const asset = named(context);
  const input = mlflowInput(context);
  const { [requiredText(input, "key")]: _old, ...tags } = textMap(asset.properties.tags);
  const added = context.method === "DELETE"
    ? {}
    : { [requiredText(input, "key")]: textValue(input.value) ?? "" };
  change(context, asset, { tags: { ...tags, ...added } });
  return json({});
}

/** `DELETE model-versions/delete`. */
export function deleteVersion(context: Context): Reply {
  const { name, version } = named(context);
  context.workspace.removeAsset("models", name, version);
  return json({});
}
