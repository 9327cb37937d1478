import { isJsonObject, type JsonObject, type JsonValue } from "../records/json.ts";
import type { ViewType } from "./experiments_list.ts";
import { objectsAt, textAt } from "./json_fields.ts";
import { MLFLOW_ROUTES } from "./routes.ts";
import { type MlflowRun, parseRun } from "./run_parse.ts";
import type { RunReads } from "./run_reads.ts";

/** What to search for. */
export interface RunsQuery {
  readonly experiments: readonly string[];
  readonly view: ViewType;
  /** MLflow's filter language; absent for all runs. */
  readonly filter?: string;
}

/** Runs a page: at first, at least and at most. */
const FIRST = 200;
const LEAST = 10;
const MOST = 1000;

/** Characters of an answer that are aimed at: runs differ in size by a factor of thousands. */
const AIM = 3_000_000;

/** Runs looked up by id in one request. */
const IDS_A_REQUEST = 100;

/** Experiments named in one request: stores bind each as a variable of SQL, and some take 999. */
export const EXPERIMENTS_A_REQUEST = 500;

/** Searches runs, in pages as large as the runs allow; what it learns of their size holds for the searches to come. */
export class RunsSearch {
  readonly #reads: RunReads;
  #size = FIRST;

  constructor(reads: RunReads) {
    this.#reads = reads;
  }

  /** How many runs are held at a time without much memory. */
  get size(): number {
    return this.#size;
  }

  /** All runs of a query by start time, then id, page by page. Throws `Failure` when a page cannot be read. */
  async *pages(query: RunsQuery): AsyncGenerator<readonly MlflowRun[]> {
    let token: string | null = null;
    do {
      const body: Record<string, JsonValue> = {
        experiment_ids: [...query.experiments],
        run_view_type: query.view,
        max_results: this.#size,
        order_by: ["attributes.start_time ASC"],
        ...(query.filter === undefined ? {} : { filter: query.filter }),
        ...(token === null ? {} : { page_token: token }),
      };
      const answer = await this.#reads.ask(MLFLOW_ROUTES.runs.search, { body });
      const next: string | null = textAt(answer, "next_page_token");
      const runs = objectsAt(answer, "runs");
      this.#learn(runs);
      if (runs.length > 0) yield runs.flatMap((run) => parseRun(run) ?? []);
      // A server that answers the token it was given would be asked for ever.
      if (next === token) return;
      token = next;
    } while (token !== null && !this.#reads.signal.aborted);
  }

  /** Runs by id, in no order, without those that are not there. Throws as `pages` does. */
  async byIds(ids: readonly string[], where: Omit<RunsQuery, "filter">): Promise<Map<string, MlflowRun>> {
    const runs = new Map<string, MlflowRun>();
    const most = Math.min(IDS_A_REQUEST, this.#size);
    for (let i = 0; i < ids.length; i += most) {
      const filter = `attributes.run_id IN (${ids.slice(i, i + most).map(quoted).join(", ")})`;
      for (const experiments of lotsOf(where.experiments)) {
        for await (const page of this.pages({ experiments, view: where.view, filter })) {
          for (const run of page) runs.set(run.id, run);
        }
      }
    }
    return runs;
  }

  /** The next page holds as many runs as would have made up the aim; at most four times as many as this one. */
  #learn(runs: readonly JsonObject[]): void {
    if (runs.length === 0) return;
    const weights = runs.map(weightOf);
    const mean = weights.reduce((sum, weight) => sum + weight, 0) / runs.length;
    // A listing whose runs grow heavier is not met by surprise.
    const each = Math.max(mean, Math.max(...weights.slice(-10)) / 2);
    const fits = Math.floor(AIM / Math.max(1, each));
    this.#size = Math.max(LEAST, Math.min(MOST, fits, this.#size * 4));
  }
}

/** Experiments in lots that one request may name. */
export function* lotsOf(experiments: readonly string[]): Generator<readonly string[]> {
  for (let i = 0; i < experiments.length; i += EXPERIMENTS_A_REQUEST) {
    yield experiments.slice(i, i + EXPERIMENTS_A_REQUEST);
  }
}

/** Whether an id can stand in a filter: there is no way to write a quote inside of quotes. */
export function isPlainId(id: string): boolean {
  return /^[\w.-]+$/.test(id);
}

/** An id as text of a filter. */
export function quoted(id: string): string {
  return `'${id}'`;
}

/** About the characters of a value's JSON, without making it. */
function weightOf(value: JsonValue): number {
  if (typeof value === "string") return value.length + 4;
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + weightOf(one), 2);
  if (!isJsonObject(value)) return 8;
  let sum = 2;
  for (const key in value) sum += key.length + 4 + weightOf(value[key] ?? null);
  return sum;
}
