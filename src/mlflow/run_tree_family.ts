import { PARENT_TAG } from "./run_parse.ts";
import type { MlflowRun } from "./run_parse.ts";
import { RunChildren } from "./run_children.ts";
import { isRefusal } from "./run_reads.ts";
import { isPlainId, lotsOf, quoted, type RunsQuery, type RunsSearch } from "./runs_search.ts";

/** Runs whose children are asked for one by one at a time, before the children of the whole server are listed. */
const ASKED_ONE_BY_ONE = 8;

/** Runs whose children were asked for one by one after which the whole list is cheaper. */
const ASKED_IN_ALL = 40;

/**
 * Who hangs below whom on a server. MLflow knows no trees, only a tag that names the run above: all children are found
 * by one search for that tag, and the children of a few runs by a search for each.
 */
export class RunFamily {
  readonly #search: RunsSearch;
  readonly #where: Omit<RunsQuery, "filter">;
  #all: Promise<RunChildren> | null = null;
  #asked = 0;

  constructor(search: RunsSearch, where: Omit<RunsQuery, "filter">) {
    this.#search = search;
    this.#where = where;
  }

  /** All children of the server, listed once. Throws `Failure` when they cannot be listed. */
  all(): Promise<RunChildren> {
    this.#all ??= this.#listAll();
    return this.#all;
  }

  /**
   * The children to look up these runs in: of these runs alone when they are few and have few below them, else of the
   * whole server. Throws `Failure`.
   */
  async around(ids: readonly string[], deepest: number): Promise<RunChildren> {
    if (this.#all !== null) return await this.#all;
    const children = new RunChildren();
    let level: readonly string[] = ids;
    for (let depth = 0; depth < deepest && level.length > 0; depth++) {
      this.#asked += level.length;
      const few = level.length <= ASKED_ONE_BY_ONE && this.#asked <= ASKED_IN_ALL && level.every(isPlainId);
      if (!few) return await this.all();
      const next: string[] = [];
      for (const id of level) {
        for await (const run of this.#found(`${TAG} = ${quoted(id)}`)) {
          if (!children.has(run.id)) next.push(run.id);
          note(children, run);
        }
      }
      level = next;
    }
    return children;
  }

  async #listAll(): Promise<RunChildren> {
    const children = new RunChildren();
    try {
      for await (const run of this.#found(`${TAG} LIKE '%'`)) note(children, run);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      // A server that does not take the filter tells the tag of each run all the same.
      for await (const run of this.#found(undefined)) note(children, run);
    }
    return children;
  }

  async *#found(filter: string | undefined): AsyncGenerator<MlflowRun> {
    for (const experiments of lotsOf(this.#where.experiments)) {
      const query = { experiments, view: this.#where.view, ...(filter === undefined ? {} : { filter }) };
      for await (const page of this.#search.pages(query)) yield* page;
    }
  }
}

const TAG = `tags.\`${PARENT_TAG}\``;

function note(children: RunChildren, { id, parent, experimentId, startedAt }: MlflowRun): void {
  if (parent !== null) children.add({ id, parent, experimentId, startedAt });
}
