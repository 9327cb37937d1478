import { type Call, type CallRow, NOTHING, objects, type Reply, required, text, texts } from "../call.ts";
import { passes, readFilter } from "../filter.ts";
import { invalid, missing, MlflowError } from "../mlflow_error.ts";
import { pageJson } from "../page.ts";
import { newModel, type RegisteredModel } from "../state/registry.ts";
import { promptRule } from "../prompt_rows.ts";
import { isSince } from "../version.ts";
import { latestVersions, modelJson, versionJson } from "./registry_json.ts";

/** The model of `name`. Throws 404. */
export function modelOf({ store, input }: Call): RegisteredModel {
  const name = required(input, "name");
  const model = store.models.get(name);
  if (model === undefined) throw missing(`Registered Model with name=${name} not found`);
  return model;
}

/** `max_results` of a GET; more than `most` is a 400 that shows the text. */
export function pageSize({ input }: Call, usual: number, most: number): number {
  const size = input.max_results === undefined ? usual : Number(input.max_results);
  if (size >= 1 && size <= most) return size;
  throw invalid(
    `Invalid value "${
      text(input.max_results)
    }" for parameter 'max_results' supplied:  Hint: Value was of type ` +
      "'str'. See the API docs for more information about request parameters.",
  );
}

function create(call: Call): Reply {
  const { store, input, server } = call;
  const name = required(input, "name");
  if (isSince(server.version, "3") && /[/:]/.test(name)) {
    throw invalid(`Invalid model name '${name}'. Names cannot contain '/' or ':'.`);
  }
  if (store.models.has(name)) {
    throw new MlflowError("RESOURCE_ALREADY_EXISTS", `Registered Model (name=${name}) already exists.`);
  }
  const model = newModel(name, text(input.description), server.now());
  for (const tag of objects(input.tags)) model.tags.set(text(tag.key), text(tag.value));
  store.models.set(name, model);
  return { json: { registered_model: modelJson(model) } };
}

function read(call: Call): Reply {
  return { json: { registered_model: modelJson(modelOf(call)) } };
}

function rename(call: Call): Reply {
  const model = modelOf(call);
  const name = required(call.input, "new_name");
  if (call.store.models.has(name)) {
    throw new MlflowError("RESOURCE_ALREADY_EXISTS", `Registered Model (name=${name}) already exists.`);
  }
  call.store.models.delete(model.name);
  model.name = name;
  call.store.models.set(name, model);
  model.updated = call.server.now();
  return { json: { registered_model: modelJson(model) } };
}

function change(act: (model: RegisteredModel, call: Call) => void): (call: Call) => Reply {
  return (call) => {
    act(modelOf(call), call);
    return NOTHING;
  };
}

function describe(call: Call): Reply {
  const model = modelOf(call);
  model.description = text(call.input.description);
  model.updated = call.server.now();
  return { json: { registered_model: modelJson(model) } };
}

/** By name, whatever `order_by` says beyond its direction. */
function search(call: Call): Reply {
  const size = pageSize(call, 100, 1000);
  const { clauses, wants } = promptRule(readFilter(text(call.input.filter)));
  const down = texts(call.input.order_by).some((term) => /^name\s+desc$/i.test(term.trim()));
  const found = [...call.store.models.values()].filter((model) =>
    wants(model.tags) &&
    clauses.every((clause) => passes(clause.kind === "tag" ? model.tags.get(clause.key) : model.name, clause))
  ).sort((left, right) => (left.name < right.name ? -1 : 1) * (down ? -1 : 1));
  return pageJson("registered_models", found, [size, text(call.input.page_token)], modelJson);
}

/** These say aliases, unlike searches. */
function latest(call: Call): Reply {
  const model = modelOf(call);
  const stages = texts(call.input.stages);
  const found = latestVersions(model).filter(({ stage }) => stages.length === 0 || stages.includes(stage));
  return {
    json: {
      model_versions: found.length === 0 ? undefined : found.map((one) => versionJson(model, one, true)),
    },
  };
}

const row = (
  name: string,
  method: string,
  path: string,
  effect: "read" | "write",
  handler: CallRow["handler"],
): CallRow => ({ name: `models.${name}`, method, path: `registered-models/${path}`, effect, handler });

/** `registered-models/...` but for aliases. */
export const modelCalls: readonly CallRow[] = [
  row("create", "POST", "create", "write", create),
  row("get", "GET", "get", "read", read),
  row("search", "GET", "search", "read", search),
  row("rename", "POST", "rename", "write", rename),
  row("update", "PATCH", "update", "write", describe),
  row("delete", "DELETE", "delete", "write", change(({ name }, { store }) => store.models.delete(name))),
  row("latest", "POST", "get-latest-versions", "read", latest),
  row("latest", "GET", "get-latest-versions", "read", latest),
  row(
    "set_tag",
    "POST",
    "set-tag",
    "write",
    change((model, { input }) => model.tags.set(required(input, "key"), text(input.value))),
  ),
  row(
    "delete_tag",
    "DELETE",
    "delete-tag",
    "write",
    change((model, { input }) => model.tags.delete(required(input, "key"))),
  ),
];
