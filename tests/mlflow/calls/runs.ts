import { isJsonObject } from "../../../src/records/json.ts";
import { type Call, type CallRow, NOTHING, objects, type Reply, required, text } from "../call.ts";
import { invalid, missing, MlflowError } from "../mlflow_error.ts";
import { newId, Run } from "../state/run.ts";
import { isSince } from "../version.ts";
import { activeExperiment } from "./experiments.ts";
import { checkKey } from "./keys.ts";
import { runInfo, runJson } from "./run_json.ts";

const STATUSES = new Set(["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"]);
const NAME_TAG = "mlflow.runName";
const MODELS_TAG = "mlflow.log-model.history";

/** Longer values of tags are cut without a word. */
export const TAG_LENGTH = 8000;

/** The run of `run_id` (or the older `run_uuid`). Throws 400 without one, 404 for one that is not there. */
export function runOf({ store, input }: Call): Run {
  const id = text(input.run_id) || text(input.run_uuid) || required(input, "run_id");
  const run = store.runs.get(id);
  if (run === undefined) throw missing(`Run with id=${id} not found`);
  return run;
}

/** The same, for writing: a deleted run refuses it. */
export function writableRun(call: Call): Run {
  const run = runOf(call);
  if (!run.deleted) return run;
  throw invalid(`The run ${run.id} must be in the 'active' state. Current state is deleted.`);
}

function create(call: Call): Reply {
  const { store, input } = call;
  const experimentId = text(input.experiment_id);
  if (experimentId === "") throw new MlflowError("BAD_REQUEST", "(sqlite3.IntegrityError) FOREIGN KEY");
  const experiment = activeExperiment(call, experimentId);
  const tags = new Map(objects(input.tags).map((tag) => [text(tag.key), text(tag.value)] as const));
  const [given, tagged] = [text(input.run_name), tags.get(NAME_TAG) ?? ""];
  if (given !== "" && tagged !== "" && given !== tagged) {
    throw invalid(
      `Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values ` +
        `(run_name='${given}', mlflow.runName='${tagged}').`,
    );
  }
  const id = newId();
  const name = given || tagged || `drawn-name-${store.runs.size % 1000}`;
  const run = store.addRun(
    new Run({
      id,
      experimentId,
      name,
      user: text(input.user_id),
      start: Number(input.start_time ?? 0),
      artifactUri: `${experiment.artifactLocation}/${id}/artifacts`,
    }),
  );
  for (const [key, value] of tags.set(NAME_TAG, name)) run.data.tags.set(key, value.slice(0, TAG_LENGTH));
  // The answer of this call has no `outputs`, on no version.
  return { json: { run: runJson(run, "2") } };
}

function read(call: Call): Reply {
  return { json: { run: runJson(runOf(call), call.server.version) } };
}

/** A status that MLflow does not know is passed over without a word. */
function update(call: Call): Reply {
  const run = writableRun(call);
  const { status, end_time, run_name } = call.input;
  if (STATUSES.has(text(status))) run.status = text(status);
  if (end_time !== undefined && end_time !== null) run.end = Number(end_time);
  if (text(run_name) !== "") rename(run, text(run_name));
  return { json: { run_info: runInfo(run) } };
}

function rename(run: Run, name: string): void {
  run.name = name;
  run.data.tags.set(NAME_TAG, name);
}

/** Sets a tag; the run's name follows its tag. */
export function setTag(run: Run, key: string, value: string): void {
  run.data.tags.set(key, value.slice(0, TAG_LENGTH));
  if (key === NAME_TAG) run.name = value;
}

function tag(call: Call): Reply {
  const key = required(call.input, "key");
  checkKey(key, "key");
  setTag(writableRun(call), key, text(call.input.value));
  return NOTHING;
}

function untag(call: Call): Reply {
  const run = writableRun(call);
  const key = required(call.input, "key");
  if (run.data.tags.delete(key)) return NOTHING;
  throw missing(`No tag with name: ${key} in run with id ${run.id}`);
}

function setDeleted(deleted: boolean): (call: Call) => Reply {
  return (call) => {
    runOf(call).deleted = deleted;
    return NOTHING;
  };
}

function logInputs(call: Call): Reply {
  const run = writableRun(call);
  for (const dataset of objects(call.input.datasets)) run.data.datasets.push(dataset);
  if (isSince(call.server.version, "3")) {
    for (const { model_id } of objects(call.input.models)) run.data.modelInputs.push(text(model_id));
  }
  return NOTHING;
}

function outputs(call: Call): Reply {
  const run = writableRun(call);
  for (const { model_id, step } of objects(call.input.models)) {
    run.data.modelOutputs.push({ model_id: text(model_id), step: Number(step ?? 0) });
  }
  return NOTHING;
}

/** The older way of noting a logged model: in a tag of the run. */
function logModel(call: Call): Reply {
  const model: unknown = JSON.parse(required(call.input, "model_json"));
  const fields = ["artifact_path", "flavors", "utc_time_created", "run_id"];
  if (!isJsonObject(model) || fields.some((field) => model[field] === undefined)) {
    throw invalid(`Model json is missing mandatory fields: {${fields.join(", ")}}`);
  }
  const run = writableRun(call);
  const { run_id, artifact_path, utc_time_created, model_uuid, flavors } = model;
  const note = { run_id, artifact_path, utc_time_created, model_uuid: model_uuid ?? null, flavors };
  const held: unknown = JSON.parse(run.data.tags.get(MODELS_TAG) ?? "[]");
  run.data.tags.set(MODELS_TAG, spaced([...(Array.isArray(held) ? held : []), note]));
  return NOTHING;
}

/** JSON as Python writes it: a blank behind commas and colons. */
function spaced(value: unknown): string {
  return JSON.stringify(value, null, 1).replaceAll(/(,)?\n\s*/g, (_line, comma) => comma === "," ? ", " : "");
}

const write = (name: string, path: string, handler: CallRow["handler"]): CallRow => ({
  name: `runs.${name}`,
  method: "POST",
  path: `runs/${path}`,
  effect: "write",
  handler,
});

/** `runs/...` but for search and logging. */
export const runCalls: readonly CallRow[] = [
  write("create", "create", create),
  { name: "runs.get", method: "GET", path: "runs/get", effect: "read", handler: read },
  write("update", "update", update),
  write("delete", "delete", setDeleted(true)),
  write("restore", "restore", setDeleted(false)),
  write("set_tag", "set-tag", tag),
  write("delete_tag", "delete-tag", untag),
  write("log_model", "log-model", logModel),
  write("log_inputs", "log-inputs", logInputs),
  { ...write("outputs", "outputs", outputs), since: "3" },
];
