import { isJsonObject, type JsonObject, type JsonValue } from "../../../src/records/json.ts";
import { badRequest, notFound } from "../errors.ts";
import { listValue, numberValue, textList, textValue } from "../history/body_values.ts";
import { bodyObject, type Context, json, type Reply } from "../router.ts";
import type { Run } from "../state.ts";
import { runEntity } from "./entity.ts";

const MAX_PAGE = 100;

/** One filter of a query: several values mean OR, several filters AND; values are strings even for booleans. */
interface EntityFilter {
  readonly path: readonly string[];
  readonly operator: string;
  readonly values: readonly string[];
}

/** A run and what filters and orders look at. */
interface Found {
  readonly run: Run;
  readonly entity: JsonObject;
}

/**
 * `POST entities`: runs of the whole workspace, paged by `skip` and `nextSkip`. A change shows after the setting's delay;
 * a setting takes the service away (Azure ML index service B.1a).
 */
export function queryEntities(context: Context): Reply {
  const { workspace, settings } = context;
  if (!settings.indexService) throw notFound("The requested resource was not found.");
  const body = bodyObject(context);
  const filters = listValue(body.filters).filter(isJsonObject).map(readFilter);
  const size = numberValue(body.pageSize) ?? 25;
  if (size < 1 || size > MAX_PAGE) throw badRequest(`The page size must be between 1 and ${MAX_PAGE}.`);
  const settled = Date.now() - settings.indexDelayMs;
  const found = [...workspace.runs.values()]
    .filter((run) => run.changedAt <= settled)
    .map((run) => ({ run, entity: runEntity(workspace, run, "without metrics") }))
    .filter(({ entity }) => filters.every((filter) => passes(entity, filter)));
  const order = listValue(body.order).filter(isJsonObject);
  const skip = numberValue(body.continuationToken) ?? numberValue(body.skip) ?? 0;
  const shown = sorted(found, order).slice(skip, skip + size);
  const value = shown.map(({ run }) => runEntity(workspace, run, "with metrics"));
  const next = skip + value.length;
  return json({
    totalCount: body.includeTotalResultCount === false ? null : found.length,
    value,
    nextSkip: next < found.length ? next : null,
    entityContainerIdsToEntityContainerMetadata: {},
    resourcesNotQueriedReasons: {},
    numberOfEntityContainersNotQueried: 0,
    fanoutData: {},
    regionalFanoutState: { shardFanoutStates: [], firstPageStartTime: null },
    shardErrors: {},
    canSupportSkip: true,
  });
}

function readFilter(filter: JsonObject): EntityFilter {
  const operator = textValue(filter.operator) ?? "eq";
  if (OPERATORS[operator] === undefined) throw badRequest(`The operator '${operator}' is not supported.`);
  return { path: (textValue(filter.field) ?? "").split("/"), operator, values: textList(filter.values) };
}

const OPERATORS: Readonly<Record<string, (held: string, wanted: string) => boolean>> = {
  eq: (held, wanted) => held === wanted,
  contains: (held, wanted) => held.includes(wanted),
};

function passes(entity: JsonObject, { path, operator, values }: EntityFilter): boolean {
  const held = textValue(at(entity, path))?.toLowerCase();
  if (held === undefined) return false;
  return values.some((value) => OPERATORS[operator]?.(held, value.toLowerCase()) ?? false);
}

function at(value: JsonValue, path: readonly string[]): JsonValue {
  let here: JsonValue = value;
  for (const key of path) here = isJsonObject(here) ? here[key] ?? null : null;
  return here;
}

function sorted(found: Found[], order: readonly JsonObject[]): Found[] {
  const keys = order.map(({ field, direction }) => ({
    path: (textValue(field) ?? "").split("/"),
    sign: textValue(direction)?.toLowerCase() === "desc" ? -1 : 1,
  }));
  return found.sort((left, right) => {
    for (const { path, sign } of keys) {
      const [one, other] = [textValue(at(left.entity, path)) ?? "", textValue(at(right.entity, path)) ?? ""];
      if (one !== other) return one < other ? -sign : sign;
    }
    return 0;
  });
}
