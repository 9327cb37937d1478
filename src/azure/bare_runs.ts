import { allRuns, type Experiment } from "./all_runs.ts";
import type { Group, Listing } from "./listing.ts";
import type { Run } from "./run.ts";
import { rootIdOf } from "./run_tree.ts";
import { UnseenChildren } from "./seen_runs.ts";
import type { Seed } from "./trees.ts";

/**
 * The pass over all runs of a workspace, experiment by experiment. It gives the roots that ARM does not list (runs made
 * through MLflow or the v1 SDK), and remembers the children that no tree has brought so far.
 */
export class BareRuns {
  /** Children that were not seen when the pass came upon them, by their experiment. */
  readonly unseen = new Map<Experiment, UnseenChildren>();
  readonly #listing: Listing;

  constructor(listing: Listing) {
    this.#listing = listing;
  }

  /** Kept roots in groups, the limit applied. Throws `Failure` only for what hits every request. */
  async *groups(): AsyncGenerator<Group> {
    const listing = this.#listing;
    const { plane, names } = listing.readers;
    for await (const page of allRuns(plane, names)) {
      if ("missing" in page) yield page;
      else {
        const seeds = page.runs.map((run) => this.#look(page.experiment, run)).filter((seed) =>
          seed !== null
        );
        yield* listing.grouped(await listing.kept(seeds));
      }
      if (listing.isFull) return;
    }
  }

  /** A root that was not seen before; null for every other run. */
  #look(experiment: Experiment, run: Run): Seed | null {
    const { seen } = this.#listing;
    const fate = seen.fate(run.id);
    if (run.parent !== null) {
      const isOpen = fate === undefined || fate === "listed";
      if (isOpen && seen.fate(rootIdOf(run)) !== "skipped") this.#remember(experiment, run);
      return null;
    }
    if (fate !== undefined && fate !== "listed") return null;
    if (!this.#listing.suits(run)) {
      seen.note(run.id, "skipped");
      return null;
    }
    // A list may move while it is paged through: a root that comes twice is one.
    seen.note(run.id, "skipped");
    return { id: run.id, run, arm: null, faults: [] };
  }

  #remember(experiment: Experiment, run: Run): void {
    let children = this.unseen.get(experiment);
    if (children === undefined) this.unseen.set(experiment, children = new UnseenChildren());
    children.add(run.id, rootIdOf(run));
  }
}
