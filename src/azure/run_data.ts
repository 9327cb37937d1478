import { isJsonObject, type JsonObject, type JsonValue } from "../records/json.ts";
import { ROUTES } from "../wire/routes.ts";
import { readServiceError } from "../wire/service_error.ts";
import { type DataPlane, isRefusal, type Trouble } from "./data_plane.ts";
import { objectAt } from "./json_fields.ts";
import { each, readAhead } from "./read_ahead.ts";
import { parseRun, type Run } from "./run.ts";

/** Runs found by id. An id in neither map is not in run history. */
export interface RunsById {
  readonly runs: ReadonlyMap<string, Run>;
  /** Ids that the service could not answer for. */
  readonly troubles: ReadonlyMap<string, Trouble>;
}

/** Runs asked for in one request. */
const IDS_A_REQUEST = 100;

/** What the service calls a run that is not there; its status is 404 where it tells one. */
const NOT_THERE = /^(NotFound|NotFoundError|RunNotFound)$/i;

/** Looks runs up by id, of any experiment: in bulk where the service does it, else one by one. */
export class RunData {
  readonly #plane: DataPlane;
  /** Cleared for good once the service has refused the bulk form. */
  #bulk = true;

  constructor(plane: DataPlane) {
    this.#plane = plane;
  }

  /** Throws `Failure` only for what hits every request. */
  async read(ids: readonly string[]): Promise<RunsById> {
    const found = { runs: new Map<string, Run>(), troubles: new Map<string, Trouble>() };
    for (let i = 0; i < ids.length; i += IDS_A_REQUEST) {
      const chunk = ids.slice(i, i + IDS_A_REQUEST);
      const left = this.#bulk ? await this.#readBulk(chunk, found) : chunk;
      await this.#readOneByOne(left, found);
    }
    return found;
  }

  /** Azure ML run history, `POST batchrundata`. Answers the ids that it said nothing final of. */
  async #readBulk(ids: readonly string[], found: Found): Promise<readonly string[]> {
    const requests = Object.fromEntries(ids.map((id): [string, JsonObject] => [id, wanted(id)]));
    try {
      const { body } = await this.#plane.ask(ROUTES.history.batchRunData, {}, { body: { requests } });
      const results = isJsonObject(body) ? body : null;
      const good = objectAt(results, "successfulResults");
      const bad = objectAt(results, "failedResults");
      return ids.filter((id) => !take(id, good, found) && !isNotThere(bad?.[id] ?? null));
    } catch (error) {
      if (isRefusal(error)) {
        this.#bulk = false;
        return ids;
      }
      const trouble = this.#plane.trouble(error);
      for (const id of ids) found.troubles.set(id, trouble);
      return [];
    }
  }

  async #readOneByOne(ids: readonly string[], found: Found): Promise<void> {
    const { concurrency, signal } = this.#plane;
    const work = (id: string) => this.#readOne(id, found);
    for await (const _ of readAhead(each(ids), concurrency, signal, work)) { /* each fills `found` */ }
  }

  async #readOne(id: string, found: Found): Promise<void> {
    try {
      const { status, body } = await this.#plane.ask(ROUTES.history.run, { runId: id }, { accept: [404] });
      const run = status === 200 && isJsonObject(body) ? parseRun(body) : null;
      if (run !== null) found.runs.set(id, run);
    } catch (error) {
      found.troubles.set(id, this.#plane.trouble(error));
    }
  }
}

interface Found {
  readonly runs: Map<string, Run>;
  readonly troubles: Map<string, Trouble>;
}

function wanted(runId: string): JsonObject {
  return { runId, selectRunMetadata: true, selectRunDefinition: false, selectJobSpecification: false };
}

function take(id: string, results: JsonObject | null, found: Found): boolean {
  const metadata = objectAt(objectAt(results, id), "runMetadata");
  const run = metadata === null ? null : parseRun(metadata);
  if (run !== null) found.runs.set(id, run);
  return run !== null;
}

function isNotThere(error: JsonValue): boolean {
  if (!isJsonObject(error)) return false;
  return error["statusCode"] === 404 || NOT_THERE.test(readServiceError(0, error, "", new Map()).code);
}
