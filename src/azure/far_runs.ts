import { ROUTES } from "../wire/routes.ts";
import { type Experiment, experimentsOf } from "./all_runs.ts";
import { isRefusal, type Trouble } from "./data_plane.ts";
import { isPlainId, type Offspring, rootFilter } from "./descendants.ts";
import { each, readAhead } from "./read_ahead.ts";
import { parseRun } from "./run.ts";
import type { Readers } from "./trees.ts";

/** Beyond so many experiments each of them is not asked for a few named jobs. */
const MOST_EXPERIMENTS = 200;

const PAGE = 500;

const TOO_MANY = {
  code: "children_not_looked_for",
  message:
    `the workspace has more than ${MOST_EXPERIMENTS} experiments: children that lie in another one than ` +
    "their root's were not looked for with their tree",
  hint: "extract without --include and --limit comes upon every run",
  retryable: false,
} as const satisfies Trouble;

/** A root, and the experiment that its descendants were looked for in. */
export interface NearRoot {
  readonly id: string;
  readonly experimentId: string | null;
}

/**
 * Finds the runs of named roots that lie in another experiment than the root's: each other experiment of the workspace
 * is asked once for some roots. Where there are too many experiments to ask, each root says that children may be missing.
 * A listing of everything needs none of this: it comes upon every run anyway.
 */
export class FarRuns {
  readonly #readers: Readers;
  #experiments: Promise<readonly Experiment[] | Trouble> | null = null;

  constructor(readers: Readers) {
    this.#readers = readers;
  }

  /** What lies elsewhere below each root, and why some of it may be missing. Throws `Failure` for what hits every request. */
  async read(roots: readonly NearRoot[]): Promise<ReadonlyMap<string, Offspring>> {
    const found = new Map(roots.map(({ id }): [string, Offspring] => [id, { runs: [], troubles: [] }]));
    const askable = roots.filter(({ id }) => isPlainId(id));
    if (askable.length === 0) return found;
    const experiments = await (this.#experiments ??= this.#list());
    if ("code" in experiments) { for (const { troubles } of found.values()) troubles.push(experiments); }
    else {
      const { concurrency, signal } = this.#readers.plane;
      const ask = ({ id }: Experiment) => {
        const others = askable.filter(({ experimentId }) => experimentId !== id).map((root) => root.id);
        return this.#ask(id, others, found);
      };
      for await (const _ of readAhead(each(experiments), concurrency, signal, ask)) { /* fills `found` */ }
    }
    return found;
  }

  async #list(): Promise<readonly Experiment[] | Trouble> {
    const { plane, names } = this.#readers;
    const experiments: Experiment[] = [];
    try {
      for await (const experiment of experimentsOf(plane, names)) {
        experiments.push(experiment);
        if (experiments.length <= MOST_EXPERIMENTS) continue;
        plane.log.warn(`${TOO_MANY.message}; ${TOO_MANY.hint}`);
        return TOO_MANY;
      }
    } catch (error) {
      return plane.trouble(error);
    }
    return experiments;
  }

  async #ask(
    experimentId: string,
    ids: readonly string[],
    found: ReadonlyMap<string, Offspring>,
  ): Promise<void> {
    if (ids.length === 0) return;
    const { plane } = this.#readers;
    const body = { filter: rootFilter(ids), top: PAGE };
    try {
      for await (const page of plane.pages(ROUTES.history.queryRunsById, { experimentId }, { body })) {
        for (const run of page.map(parseRun)) {
          if (run !== null) found.get(run.root ?? "")?.runs.push(run);
        }
      }
    } catch (error) {
      if (isRefusal(error) && ids.length > 1) {
        for (const id of ids) await this.#ask(experimentId, [id], found);
        return;
      }
      const trouble = plane.trouble(error);
      for (const id of ids) found.get(id)?.troubles.push(trouble);
    }
  }
}
