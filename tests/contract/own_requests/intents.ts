import { isJsonObject, type JsonValue } from "../../../src/records/json.ts";
import type { Sent } from "./sent.ts";

/** What a request is compared by. */
export type Shown = Pick<Sent, "method" | "path" | "body">;

/** Something that both azml and an official client do. */
export interface Intent {
  readonly name: string;
  isOurs(sent: Shown): boolean;
  isTheirs(sent: Shown): boolean;
  /** What of azml's request is compared, where it is not the body. */
  parts?(sent: Shown): readonly JsonValue[];
  /** Fields (as `bodyShape` writes them) that only azml sends, each with the reason. */
  readonly ours: Readonly<Record<string, string>>;
  /** Fields that only the official clients send, each with the reason. */
  readonly theirs: Readonly<Record<string, string>>;
}

const at = (method: string, path: RegExp) => (sent: Shown) => sent.method === method && path.test(sent.path);
const has = (field: string) => ({ body }: Shown) => isJsonObject(body) && Object.hasOwn(body, field);
const both = (...tests: ((sent: Shown) => boolean)[]) => (sent: Shown) => tests.every((test) => test(sent));
const not = (test: (sent: Shown) => boolean) => (sent: Shown) => !test(sent);

const createsHere = at("PATCH", /\/experiments\/[^/]+\/runs\/[^/]+$/);
const anyRun = at("PATCH", /\/history\/.*\/runs\/[^/]+$/);
const creates = both(
  anyRun,
  (sent) => has("runId")(sent) && (has("name")(sent) || has("startTimeUtc")(sent)),
);

const IN_CREATE_RUN = "a field of CreateRun: one call in place of three";
const CLAIM = "the claim of the process that writes the run: properties never change once they are set";
const WITH_THE_CLAIM = "a run that is there is changed in the one request that claims it (CreateRun)";
const AS_ROOTS = "azureml-core sends it for a root run; azml makes children in the same way";
const TAKEN = {
  "parameters.*: string": IN_CREATE_RUN,
  "parameters: object": IN_CREATE_RUN,
  "tags.*: string": IN_CREATE_RUN,
  "tags: object": IN_CREATE_RUN,
};
const TARGET = { "target: string": "the compute that a run is started on: these ran elsewhere" };
const NO_SUCH_EVENT = "azml replays how a run started and ended, not what happened in between";
const ITS_OWN_WORD = "the type of the original metric is kept as it is";
const ARCHIVED_TOO = "archived experiments have runs, too";

/** Every intent that official clients have, too. */
export const INTENTS: readonly Intent[] = [
  {
    name: "create a root run",
    isOurs: both(createsHere, not(has("parentRunId"))),
    isTheirs: both(creates, not(has("parentRunId"))),
    ours: {
      ...TAKEN,
      "description: string": IN_CREATE_RUN,
      "properties.*: string": CLAIM,
      "startTimeUtc: string": "recorded for a child (v1-create-run-dates)",
      "status: string": "recorded for a child (v1-create-run-dates)",
    },
    theirs: TARGET,
  },
  {
    name: "create a child run",
    isOurs: both(createsHere, has("parentRunId")),
    isTheirs: both(anyRun, has("parentRunId")),
    ours: {
      ...TAKEN,
      "displayName: string": AS_ROOTS,
      "properties.*: string": CLAIM,
      "properties: object": AS_ROOTS,
      'runTypeV2.orchestrator: "External"': AS_ROOTS,
      "runTypeV2.traits: list": AS_ROOTS,
      'runTypeV2.traits[]: "unspecified"': AS_ROOTS,
      "runTypeV2: object": AS_ROOTS,
    },
    theirs: {
      ...TARGET,
      "endTimeUtc: string":
        "azml ends a run when everything is in it, so that one that is cut short looks unfinished",
    },
  },
  {
    name: "give a run its status and times",
    isOurs: at("PATCH", /\/history\/v1\.0\{ws\}\/runs\/[^/]+$/),
    isTheirs: both(anyRun, has("endTimeUtc")),
    ours: {
      "parameters.*: string":
        "an update adds the parameters that the run lacks (CreateRun of the description)",
      "parameters: object": "the same",
      "description: string": WITH_THE_CLAIM,
      "displayName: string": WITH_THE_CLAIM,
      "properties.*: string": CLAIM,
      "properties: object": CLAIM,
      "tags.*: string": WITH_THE_CLAIM,
      "tags: object": WITH_THE_CLAIM,
    },
    theirs: {
      "parentRunId: string": "sent when the run is made, and later only where the target has another parent",
    },
  },
  {
    name: "change names, tags and archiving",
    isOurs: at("PATCH", /\/runs\/[^/]+\/modify$/),
    isTheirs: (sent) => at("PATCH", /\/runs\/[^/]+\/modify$/)(sent) || both(anyRun, not(has("runId")))(sent),
    ours: {},
    theirs: {
      "description: string": WITH_THE_CLAIM,
      "displayName: string": WITH_THE_CLAIM,
      "properties.*: string": "properties cannot be taken back: azml keeps what it knows in tags",
      "properties: object": "the same",
    },
  },
  {
    name: "say when a run started or ended",
    isOurs: at("POST", /\/runs\/[^/]+\/events$/),
    isTheirs: at("POST", /\/runs\/[^/]+\/events$/),
    ours: {},
    theirs: {
      "data.ErrorResponse.error.code: string": NO_SUCH_EVENT,
      "data.ErrorResponse.error.message: string": NO_SUCH_EVENT,
      "data.ErrorResponse.error: object": NO_SUCH_EVENT,
      "data.ErrorResponse: object": NO_SUCH_EVENT,
      "data.Message: string": NO_SUCH_EVENT,
      "data.Source: string": NO_SUCH_EVENT,
      "data.TimeToLiveSeconds: number": NO_SUCH_EVENT,
      'name: "Microsoft.MachineLearning.Run.Error"': NO_SUCH_EVENT,
      'name: "Microsoft.MachineLearning.Run.Heartbeat"': NO_SUCH_EVENT,
      'name: "Microsoft.MachineLearning.Run.Warning"': NO_SUCH_EVENT,
    },
  },
  {
    name: "write metrics",
    isOurs: at("POST", /\/metric\/v2\.0.*\/(batch|batchsync)$/),
    isTheirs: at("POST", /\/metric\/v2\.0.*\/batch$/),
    ours: {
      'values[].columns.*: "Double"':
        "the word of MLflow's and promptflow's metrics; azureml-core says `double`",
      'values[].properties.uxMetricType: "azureml.v1.confusion_matrix"': ITS_OWN_WORD,
      'values[].properties.uxMetricType: "azureml.v1.image"': ITS_OWN_WORD,
    },
    theirs: {
      'values[].properties.uxMetricType: "azureml.v2.confusion_matrix"': ITS_OWN_WORD,
      'values[].properties.uxMetricType: "azureml.v2.image"': ITS_OWN_WORD,
      'values[].properties.uxMetricType: "azureml.v2.residuals"': ITS_OWN_WORD,
      "values[].value[].data.*: NaN token": 'a bare NaN is not JSON: azml sends MLflow\'s text "NaN"',
    },
  },
  {
    name: "register artifacts",
    isOurs: at("POST", /\/artifact\/.*\/batch\/metadata$/),
    isTheirs: at("POST", /\/artifacts\/batch\/metadata(\/|$)/),
    ours: {},
    theirs: {},
  },
  {
    name: "read many runs by id",
    isOurs: at("POST", /\/batchrundata$/),
    isTheirs: at("POST", /\/rundata$/),
    parts: ({ body }) =>
      isJsonObject(body) && isJsonObject(body.requests) ? Object.values(body.requests) : [],
    ours: {},
    theirs: {},
  },
  {
    name: "query runs",
    isOurs: at("POST", /\/runs:query$/),
    isTheirs: at("POST", /\/runs:query$/),
    ours: {
      "continuationToken: string":
        "in the description (QueryParams): the next page; the recorded clients had but one",
    },
    theirs: {
      "orderby: string": "azml sorts trees itself; the description spells it orderBy",
    },
  },
  {
    name: "list experiments",
    isOurs: at("POST", /\/experiments:query$/),
    isTheirs: at("POST", /\/experiments:query$/),
    ours: {
      "top: number": "in the description (ExperimentQueryParams): fewer pages",
      'viewType: "All"': ARCHIVED_TOO,
    },
    theirs: { 'viewType: "ActiveOnly"': ARCHIVED_TOO },
  },
  {
    name: "list the metrics of a run",
    isOurs: at("POST", /\/metric\/v2\.0.*\/list$/),
    isTheirs: at("POST", /\/metric\/v2\.0.*\/list$/),
    ours: {
      "continuationToken: string": "in the description (ListMetrics): the recorded list had one page",
    },
    theirs: {},
  },
  {
    name: "read a metric",
    isOurs: at("POST", /\/metric\/v2\.0.*\/full$/),
    isTheirs: at("POST", /\/metric\/v2\.0.*\/full$/),
    ours: {},
    theirs: {},
  },
];
