import { Failure } from "../records/failure.ts";
import { ROUTES } from "../wire/routes.ts";
import { type DataPlane, isRefusal, type Trouble } from "./data_plane.ts";
import { each, readAhead } from "./read_ahead.ts";
import { parseRun, type Run } from "./run.ts";

/** What was found below one root, at every depth, in no order; the root's own run may be among it. */
export interface Offspring {
  readonly runs: Run[];
  /** Why some may be missing. */
  readonly troubles: Trouble[];
}

/** What the run history took from the clients of Microsoft's v1 SDK. */
const PAGE = 500;
const MOST_ROOTS_A_QUERY = 25;
/** Runs that one query should bring at most, judged by the trees seen so far. */
const RUNS_A_QUERY = 500;

/** Ids that the filter language takes without quotes. */
const PLAIN_ID = /^[\w.-]+$/;

/** Whether an id can be asked for in a filter. */
export function isPlainId(id: string): boolean {
  return PLAIN_ID.test(id);
}

/** The filter for all runs of some roots; unquoted ids, as Microsoft's v1 SDK writes them. */
export function rootFilter(roots: readonly string[]): string {
  return `(${roots.map((id) => `RootRunId eq ${id}`).join(" or ")})`;
}

/** Ways of asking, each for the services that refuse the one before. */
const RUNGS = ["many roots a query", "one root a query", "children of each run"] as const;

/**
 * Reads whole trees by their roots: one query of an experiment's runs for many roots at once
 * (`RootRunId eq a or RootRunId eq b`; unquoted ids, as Microsoft's v1 SDK writes them), else a query a root, else the
 * children of each run. A way that was refused is not tried again. A root that a query should have brought and did
 * not is asked for in the next way, because then the answer cannot be trusted to be whole.
 */
export class Descendants {
  readonly #plane: DataPlane;
  #rung = 0;
  #trees = 0;
  #runs = 0;

  constructor(plane: DataPlane) {
    this.#plane = plane;
  }

  /** How many roots of one experiment to ask for at a time, so that what is held stays bounded. */
  rootsAtATime(): number {
    const average = this.#trees === 0 ? 1 : this.#runs / this.#trees;
    return Math.max(1, Math.min(MOST_ROOTS_A_QUERY, Math.floor(RUNS_A_QUERY / average)));
  }

  /**
   * What is below each of some roots of one experiment (null where the service did not tell which). Throws `Failure`
   * only for what hits every request.
   */
  async read(experimentId: string | null, roots: readonly string[]): Promise<ReadonlyMap<string, Offspring>> {
    const found = new Map(roots.map((id): [string, Offspring] => [id, { runs: [], troubles: [] }]));
    if (experimentId === null) await this.#walkAll(roots, found);
    else {await this.#climb(
        roots.length === 1 ? Math.max(1, this.#rung) : this.#rung,
        experimentId,
        roots,
        found,
      );}
    this.#trees += roots.length;
    for (const { runs } of found.values()) this.#runs += runs.length;
    return found;
  }

  async #climb(rung: number, experimentId: string, roots: readonly string[], found: Found): Promise<void> {
    if (roots.length === 0) return;
    if (rung >= RUNGS.length - 1) return await this.#walkAll(roots, found);
    const plain = roots.filter(isPlainId);
    const left = roots.filter((id) => !isPlainId(id));
    const groups = rung === 0 ? [plain] : plain.map((id) => [id]);
    const work = (group: readonly string[]) => this.#query(rung, experimentId, group, found);
    const { concurrency, signal } = this.#plane;
    for await (const unread of readAhead(each(groups), concurrency, signal, work)) left.push(...unread);
    await this.#climb(rung + 1, experimentId, left, found);
  }

  /** One query; answers the roots that the next way must be tried for. */
  async #query(
    rung: number,
    experimentId: string,
    group: readonly string[],
    found: Found,
  ): Promise<readonly string[]> {
    if (group.length === 0) return [];
    const filter = rootFilter(group);
    const seen = new Set<string>();
    try {
      const details = { body: { filter, top: PAGE } };
      for await (const page of this.#plane.pages(ROUTES.history.queryRunsById, { experimentId }, details)) {
        for (const run of page.map(parseRun)) {
          if (run === null || seen.has(run.id)) continue;
          seen.add(run.id);
          found.get(run.root ?? run.id)?.runs.push(run);
        }
      }
    } catch (error) {
      return this.#failed(rung, group, found, error);
    }
    const left = group.filter((id) => !seen.has(id));
    // What one query a root brought stays: the walk adds to it.
    if (rung === 0) forget(left, found);
    return left;
  }

  #failed(rung: number, group: readonly string[], found: Found, error: unknown): readonly string[] {
    if (isRefusal(error)) {
      forget(group, found);
      // A 404 is about this experiment; any other refusal is about the form of the request.
      if (error instanceof Failure && error.facts.status !== 404 && this.#rung <= rung) {
        this.#rung = rung + 1;
        this.#plane.log.info(`run history refused to give ${RUNGS[rung]}; asking for ${RUNGS[rung + 1]}`);
      }
      return group;
    }
    const trouble = this.#plane.trouble(error);
    for (const id of group) found.get(id)?.troubles.push(trouble);
    return [];
  }

  async #walkAll(roots: readonly string[], found: Found): Promise<void> {
    const { concurrency, signal } = this.#plane;
    const work = (id: string) => this.#walk(id, found.get(id) ?? { runs: [], troubles: [] });
    for await (
      const _ of readAhead(each(roots), concurrency, signal, work)
    ) { /* each fills its own offspring */ }
  }

  /** Level by level; a branch that cannot be read is a trouble, the others go on. */
  async #walk(root: string, offspring: Offspring): Promise<void> {
    const held = new Set(offspring.runs.map(({ id }) => id));
    const walked = new Set([root]);
    const { concurrency, signal } = this.#plane;
    const work = (id: string) => this.#children(id, offspring);
    for (let level = [root]; level.length > 0;) {
      const next: string[] = [];
      for await (const children of readAhead(each(level), concurrency, signal, work)) {
        for (const run of children.filter(({ id }) => !walked.has(id))) {
          walked.add(run.id);
          next.push(run.id);
          if (!held.has(run.id)) offspring.runs.push(run);
        }
      }
      level = next;
    }
  }

  async #children(runId: string, offspring: Offspring): Promise<Run[]> {
    const children: Run[] = [];
    try {
      const details = { query: { $top: PAGE }, accept: [404] };
      for await (
        const page of this.#plane.pages(ROUTES.history.children, { runId }, details, "$continuationtoken")
      ) {
        children.push(...page.map(parseRun).filter((run) => run !== null));
      }
    } catch (error) {
      offspring.troubles.push(this.#plane.trouble(error));
    }
    return children;
  }
}

type Found = ReadonlyMap<string, Offspring>;

/** Before a root is asked for in another way: what the first way brought of it would come twice. */
function forget(roots: readonly string[], found: Found): void {
  for (const id of roots) found.get(id)?.runs.splice(0);
}
