import { isJsonObject, type JsonObject } from "../../../src/records/json.ts";
import { notFound, ServiceError } from "../errors.ts";
import { listValue, numberValue, textList, textValue } from "../history/body_values.ts";
import { pageWindow } from "../history/page_window.ts";
import { type Context, json, type Reply } from "../router.ts";
import { mlflowInput, requiredText } from "./mlflow_input.ts";
import {
  findModel,
  findVersion,
  pairs,
  type RegisteredModel,
  registeredModels,
  versionJson,
  versionsOf,
} from "./registry_state.ts";

const DEFAULT_RESULTS = 100;

function modelJson(context: Context, model: RegisteredModel): JsonObject {
  return {
    name: model.name,
    creation_timestamp: String(model.created),
    last_updated_timestamp: String(model.updated),
    user_id: "Azml Tester",
    description: model.description ?? "",
    latest_versions: latest(context, model).map((asset) => versionJson(model, asset)),
    tags: pairs(model.tags),
    aliases: Object.entries(model.aliases).map(([alias, version]) => ({ alias, version })),
  };
}

/** The newest version of each stage. */
function latest(context: Context, model: RegisteredModel): ReturnType<typeof versionsOf> {
  const byStage = new Map(
    versionsOf(context.workspace, model.name).map((
      asset,
    ) => [textValue(asset.properties.stage) ?? "None", asset]),
  );
  return [...byStage.values()];
}

function named(context: Context): RegisteredModel {
  return findModel(context.workspace, requiredText(mlflowInput(context), "name"));
}

/** `registered-models/create`; a name that is taken is `RESOURCE_ALREADY_EXISTS`. */
export function createModel(context: Context): Reply {
  const { workspace } = context;
  const input = mlflowInput(context);
  const name = requiredText(input, "name");
  const models = registeredModels(workspace);
  if (models.has(name)) {
    throw new ServiceError({
      status: 400,
      code: "UserError",
      message: `Registered Model (name=${name}) already exists.`,
      mlflow: "RESOURCE_ALREADY_EXISTS",
    });
  }
  const now = workspace.clock.millis();
  const tags = Object.fromEntries(
    listValue(input.tags).filter(isJsonObject).map((
      { key, value },
    ) => [textValue(key), textValue(value) ?? ""]),
  );
  const model = {
    name,
    description: textValue(input.description),
    tags,
    aliases: {},
    created: now,
    updated: now,
  };
  models.set(name, model);
  return json({ registered_model: modelJson(context, model) });
}

/** `registered-models/get`. */
export function getModel(context: Context): Reply {
  return json({ registered_model: modelJson(context, named(context)) });
}

/** `registered-models/search`: by `name = '...'` or `name LIKE '...'`; other conditions are let pass. Paged. */
export function searchModels(context: Context): Reply {
  const input = mlflowInput(context);
  const name = /\bname\s*=\s*'([^']*)'/i.exec(textValue(input.filter) ?? "")?.[1];
  const like = /\bname\s+i?like\s+'([^']*)'/i.exec(textValue(input.filter) ?? "")?.[1];
  const pattern = like === undefined ? null : new RegExp(`^${like.replaceAll("%", ".*")}$`, "i");
  const found = [...registeredModels(context.workspace).values()].filter((model) =>
    (name === undefined || model.name === name) && (pattern === null || pattern.test(model.name))
  );
  const size = numberValue(input.max_results) ?? DEFAULT_RESULTS;
  const page = pageWindow(found.length, textValue(input.page_token), { size, emptyEvery: 0 });
  const models = found.slice(page.from, page.to).map((model) => modelJson(context, model));
  return json({ registered_models: models, ...(page.token === null ? {} : { next_page_token: page.token }) });
}

/** `registered-models/get-latest-versions`. */
export function latestVersions(context: Context): Reply {
  const model = named(context);
  const stages = textList(mlflowInput(context).stages);
  const found = latest(context, model).filter(({ properties }) =>
    stages.length === 0 || stages.includes(textValue(properties.stage) ?? "None")
  );
  return json({ model_versions: found.map((asset) => versionJson(model, asset)) });
}

/** `PATCH registered-models/update`. */
export function updateModel(context: Context): Reply {
  const model = named(context);
  Object.assign(model, {
    description: textValue(mlflowInput(context).description),
    updated: context.workspace.clock.millis(),
  });
  return json({ registered_model: modelJson(context, model) });
}

/** `DELETE registered-models/delete`: with all its versions. */
export function deleteModel(context: Context): Reply {
  const model = named(context);
  for (const { name, version } of versionsOf(context.workspace, model.name)) {
    context.workspace.removeAsset("models", name, version);
  }
  registeredModels(context.workspace).delete(model.name);
  return json({});
}

/** `registered-models/set-tag` and `registered-models/delete-tag`. */
export function tagModel(context: Context): Reply {
  const model = named(context);
  const input = mlflowInput(context);
  const key = requiredText(input, "key");
  if (context.method === "DELETE") delete model.tags[key];
  else model.tags[key] = textValue(input.value) ?? "";
  return json({});
}

/** `registered-models/alias` by POST, GET and DELETE. */
export function aliasModel(context: Context): Reply {
  const model = named(context);
  const input = mlflowInput(context);
  const alias = requiredText(input, "alias");
  if (context.method === "GET") {
    const version = model.aliases[alias];
    if (version === undefined) throw notFound(`Registered model alias ${alias} not found.`);
    return json({ model_version: versionJson(model, findVersion(context.workspace, model.name, version)) });
  }
  if (context.method === "DELETE") delete model.aliases[alias];
  else {model.aliases[alias] =
      findVersion(context.workspace, model.name, requiredText(input, "version")).version;}
  return json({});
}
