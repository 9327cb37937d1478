import { anExperiment, aRun, type CallScenario, get, post, type Step } from "./step.ts";

const version = (name: string, body: { [key: string]: string }, more: Partial<Step> = {}) =>
  post(name, "model-versions/create", { name: "reg-m", ...body }, more);
const alias = (name: string, word: string, of = "1") =>
  post(name, "registered-models/alias", { name: "reg-m", alias: word, version: of });
const SOURCE = "mlflow-artifacts:/<experiment>/<run>/artifacts/model";

/** Registered models and their versions. */
export const registry: CallScenario = {
  name: "registry",
  server: "proxied",
  steps: [
    anExperiment("registry-exp"),
    aRun("run"),
    post("make a model", "registered-models/create", {
      name: "reg-m",
      description: "words",
      tags: [{ key: "a", value: "1" }],
    }),
    post("make it again", "registered-models/create", { name: "reg-m" }),
    post("no name", "registered-models/create", {}),
    post("a name with slash", "registered-models/create", { name: "reg/m" }),
    post("a name with letters", "registered-models/create", { name: "reg ü" }),
    get("empty", "registered-models/get", { name: "reg-m" }),
    get("unknown", "registered-models/get", { name: "nobody" }),
    version("first", { source: SOURCE, run_id: "<run>", description: "one" }),
    version("runs:/", { source: "runs:/<run>/model", run_id: "<run>" }),
    version("another place", { source: "s3://bucket/model", run_id: "<run>" }),
    version("without run", { source: "s3://bucket/model" }),
    version("without run, own place", { source: SOURCE }),
    version("unknown run", {
      source: "mlflow-artifacts:/1/0123456789abcdef0123456789abcdef/artifacts/m",
      run_id: "0123456789abcdef0123456789abcdef",
    }),
    version("local path", { source: "/tmp/somewhere", run_id: "<run>" }),
    version("local file", { source: "file:///tmp/somewhere", run_id: "<run>" }),
    version("climbing", { source: "mlflow-artifacts:/<experiment>/<run>/../x", run_id: "<run>" }),
    version("no source", { run_id: "<run>" }),
    version("of no model", { name: "nobody", source: SOURCE, run_id: "<run>" }),
    version("last", { source: SOURCE, run_id: "<run>" }, { keep: { last: "model_version.version" } }),
    {
      ...post("delete the last", "model-versions/delete", { name: "reg-m", version: "<last>" }),
      method: "DELETE",
    },
    version("a number is not used again", { source: SOURCE, run_id: "<run>" }, {
      keep: { next: "model_version.version" },
    }),
    get("a version", "model-versions/get", { name: "reg-m", version: "1" }),
    get("a deleted version", "model-versions/get", { name: "reg-m", version: "<last>" }),
    get("a version that is no number", "model-versions/get", { name: "reg-m", version: "x" }),
    alias("alias", "champ"),
    alias("alias latest", "latest"),
    alias("alias v3", "v3"),
    alias("alias of no version", "none", "99"),
    alias("second alias", "best.1"),
    alias("moved", "champ", "<next>"),
    get("by alias", "registered-models/alias", { name: "reg-m", alias: "champ" }),
    get("by unknown alias", "registered-models/alias", { name: "reg-m", alias: "nobody" }),
    post("set a tag", "model-versions/set-tag", { name: "reg-m", version: "1", key: "k", value: "v" }),
    post("stage", "model-versions/transition-stage", {
      name: "reg-m",
      version: "1",
      stage: "Production",
      archive_existing_versions: false,
    }),
    post("wrong stage", "model-versions/transition-stage", {
      name: "reg-m",
      version: "1",
      stage: "Prod",
      archive_existing_versions: false,
    }),
    post("archive the others", "model-versions/transition-stage", {
      name: "reg-m",
      version: "<next>",
      stage: "Production",
      archive_existing_versions: true,
    }),
    {
      ...post("describe", "model-versions/update", { name: "reg-m", version: "1", description: "new" }),
      method: "PATCH",
    },
    get("with all", "model-versions/get", { name: "reg-m", version: "1" }),
    get("model with all", "registered-models/get", { name: "reg-m" }),
    get("search versions", "model-versions/search", { filter: "name='reg-m'", max_results: "10000" }),
    get("search versions, one a page", "model-versions/search", {
      filter: "name='reg-m'",
      max_results: "1",
    }, { keep: { page: "next_page_token" } }),
    get("next page", "model-versions/search", {
      filter: "name='reg-m'",
      max_results: "1",
      page_token: "<page>",
    }),
    get("search by run", "model-versions/search", { filter: "run_id='<run>'" }),
    get("search by tag", "model-versions/search", { filter: "tags.k='v'" }),
    get("over the limit", "model-versions/search", { max_results: "200001" }),
    post("another model", "registered-models/create", { name: "reg-other" }),
    get("search models", "registered-models/search", { filter: "name LIKE 'reg-%'", max_results: "100" }),
    get("search models, one a page", "registered-models/search", {
      filter: "name LIKE 'reg-%'",
      max_results: "1",
    }, { keep: { page: "next_page_token" } }),
    get("next page of models", "registered-models/search", {
      filter: "name LIKE 'reg-%'",
      max_results: "1",
      page_token: "<page>",
    }),
    get("models over the limit", "registered-models/search", { max_results: "1001" }),
    get("download uri", "model-versions/get-download-uri", { name: "reg-m", version: "1" }),
    post("latest", "registered-models/get-latest-versions", { name: "reg-m" }),
    post("tag a model", "registered-models/set-tag", { name: "reg-m", key: "b", value: "2" }),
    {
      ...post("describe a model", "registered-models/update", { name: "reg-m", description: "other" }),
      method: "PATCH",
    },
    {
      ...post("drop an alias", "registered-models/alias", { name: "reg-m", alias: "champ" }),
      method: "DELETE",
    },
    {
      ...post("drop a tag", "model-versions/delete-tag", { name: "reg-m", version: "1", key: "k" }),
      method: "DELETE",
    },
    post("rename", "registered-models/rename", { name: "reg-m", new_name: "reg-renamed" }),
    get("after the rename", "registered-models/get", { name: "reg-renamed" }),
    { ...post("delete a model", "registered-models/delete", { name: "reg-renamed" }), method: "DELETE" },
    get("a deleted model", "registered-models/get", { name: "reg-renamed" }),
    post("make the model anew", "registered-models/create", { name: "reg-renamed" }),
  ],
};
