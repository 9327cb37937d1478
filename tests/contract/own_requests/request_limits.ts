import { isJsonObject, type JsonObject, type JsonValue } from "../../../src/records/json.ts";
import { objectsOf, type Sent } from "./sent.ts";

/** Something of a request that has a limit. */
export interface RequestLimit {
  readonly name: string;
  readonly max: number;
  readonly source: string;
  /** Whether the recorded line reaches the limit, so that the test is one. */
  readonly reached: boolean;
  /** The sizes of it in a request, none where the request has no such thing. */
  sizes(sent: Sent): readonly number[];
}

const DOCUMENTED = "Azure ML documentation, resource-limits-capacity (2025-02)";
const V1 = "azureml-core 1.61.0";

const ends = (end: string) => ({ path }: Sent) => path.endsWith(end);
const isBatch = ends("/batch/metadata");
const isMetrics = ({ path }: Sent) => /\/metric\/v2\.0.*\/(batch|batchsync)$/.test(path);
const isRun = ({ method, path }: Sent) => method === "PATCH" && /\/runs\/[^/]+(\/modify)?$/.test(path);
const field = ({ body }: Sent, name: string): JsonValue | undefined =>
  isJsonObject(body) ? body[name] : undefined;
const length = (value: JsonValue | undefined): number[] => {
  if (Array.isArray(value) || typeof value === "string") return [value.length];
  return isJsonObject(value) ? [Object.keys(value).length] : [];
};
const texts = (value: JsonValue | undefined): string[] =>
  isJsonObject(value) ? Object.values(value).filter((text) => typeof text === "string") : [];
const keys = (value: JsonValue | undefined): string[] => isJsonObject(value) ? Object.keys(value) : [];
const metrics = (sent: Sent): JsonObject[] => isMetrics(sent) ? objectsOf(field(sent, "values")) : [];
const ofRun = (sent: Sent, name: string) => isRun(sent) ? field(sent, name) : undefined;
const inFilter = (sent: Sent) => {
  const filter = field(sent, "filter");
  return typeof filter === "string" ? [filter.match(/RootRunId eq /g)?.length ?? 0] : [];
};

/** Every limit that a request of azml must keep, with its source. */
export const REQUEST_LIMITS: readonly RequestLimit[] = [
  limit(
    "paths of a batch/metadata",
    50,
    V1,
    true,
    (sent) => isBatch(sent) ? length(field(sent, "paths")) : [],
  ),
  limit("metrics of a request", 50, V1, true, (sent) => isMetrics(sent) ? length(field(sent, "values")) : []),
  limit(
    "rows of a metric in a request",
    250,
    "the service's error text, MetricV2Dto.Value/Count",
    true,
    (sent) => metrics(sent).flatMap(({ value }) => length(value)),
  ),
  limit(
    "columns of a metric",
    15,
    DOCUMENTED,
    false,
    (sent) => metrics(sent).flatMap(({ columns }) => length(columns)),
  ),
  limit(
    "characters of a metric's name",
    255,
    DOCUMENTED,
    false,
    (sent) => metrics(sent).flatMap(({ name }) => length(name)),
  ),
  limit(
    "runs of a batchrundata",
    100,
    "azml's own: the description names none",
    true,
    (sent) => sent.path.endsWith("/batchrundata") ? length(field(sent, "requests")) : [],
  ),
  limit("roots of a filter", 25, "azml's own: addresses and filters have a length", false, inFilter),
  limit("items of a page", 500, `${V1} asks for 500`, true, (sent) => {
    const top = field(sent, "top") ?? sent.query.find(([name]) => name === "$top")?.[1];
    return top === undefined ? [] : [Number(top)];
  }),
  limit("tags of a run", 50, DOCUMENTED, false, (sent) => length(ofRun(sent, "tags"))),
  limit(
    "characters of a tag's name",
    100,
    DOCUMENTED,
    false,
    (sent) => keys(ofRun(sent, "tags")).map((key) => key.length),
  ),
  limit(
    "characters of a tag",
    1000,
    DOCUMENTED,
    false,
    (sent) => texts(ofRun(sent, "tags")).map((text) => text.length),
  ),
  limit(
    "parameters of a run",
    200,
    "the service's error text, FieldName=Parameters",
    false,
    (sent) => length(ofRun(sent, "parameters")),
  ),
  limit(
    "characters of a parameter",
    1000,
    DOCUMENTED,
    false,
    (sent) => texts(ofRun(sent, "parameters")).map((text) => text.length),
  ),
  limit("characters of a run's id", 256, DOCUMENTED, false, (sent) => length(ofRun(sent, "runId"))),
  limit("characters of a display name", 256, DOCUMENTED, false, (sent) => length(ofRun(sent, "displayName"))),
  limit("characters of a description", 5000, DOCUMENTED, false, (sent) => length(ofRun(sent, "description"))),
];

function limit(
  name: string,
  max: number,
  source: string,
  reached: boolean,
  sizes: RequestLimit["sizes"],
): RequestLimit {
  return { name, max, source, reached, sizes };
}
