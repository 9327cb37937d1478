import { Failure } from "../records/failure.ts";
import { DIGEST_TAG, NAME_TAG, ORIGIN_TAG, SOURCE_TAG } from "../records/lineage_tags.ts";
import type { FoundRun, Log } from "../stages/ports.ts";
import type { MlflowRun } from "./run_parse.ts";
import { RunReads } from "./run_reads.ts";
import { lotsOf, RunsSearch } from "./runs_search.ts";
import type { MlflowServer } from "./server.ts";
import type { TargetExperiments } from "./target_experiments.ts";

/** Before the digest of a run that is to be deleted when all else landed; a deleted run takes no digest any more. */
export const ARCHIVE_MARK = "archive:";

/** What is kept of a run of azml's. */
interface Entry extends FoundRun {
  /** How well it stands among others of its name, the higher the better. */
  readonly rank: number;
  /** Whether somebody deleted it here, other than azml for a unit that is archived. */
  readonly removed: boolean;
}

/** The runs that azml made in a target, by target name: read once, in bulk, and kept for the life of a process. */
export class RunIndex {
  readonly #search: RunsSearch;
  readonly #experiments: TargetExperiments;
  readonly #log: Log;
  readonly #signal: AbortSignal;
  #entries: Promise<Map<string, Entry>> | null = null;
  /** Names of which several runs were found. */
  readonly #doubled = new Map<string, string[]>();

  constructor(
    server: MlflowServer,
    experiments: TargetExperiments,
    options: { readonly log: Log; readonly signal: AbortSignal; readonly concurrency: number },
  ) {
    this.#search = new RunsSearch(new RunReads(server, options));
    this.#experiments = experiments;
    this.#log = options.log;
    this.#signal = options.signal;
  }

  /**
   * Runs by target name, deleted ones too. Of several runs of one name (two processes at once) the finished one is
   * taken, and the log told. Throws `Failure` when the target cannot be searched.
   */
  async find(names: readonly string[]): Promise<ReadonlyMap<string, FoundRun>> {
    const entries = await this.#load();
    const found = new Map<string, FoundRun>();
    let removed = 0;
    for (const name of new Set(names)) {
      const entry = entries.get(name);
      if (entry === undefined) continue;
      found.set(name, plain(entry));
      if (entry.removed) removed++;
      this.#tellDoubled(name, entry.target);
    }
    if (removed > 0) this.#tellRemoved(removed);
    return found;
  }

  /** Target names by run id. Throws as `find` does. */
  async names(): Promise<ReadonlyMap<string, string>> {
    const entries = await this.#load();
    return new Map([...entries.values()].map(({ name, target }) => [target, name]));
  }

  /** Looks for one run past all that was kept: whether a request whose answer was lost was carried out. */
  async look(name: string, experiment: string): Promise<FoundRun | null> {
    const entries = new Map<string, Entry>();
    // Target names are letters, digits, `_` and `-`, so that nothing needs to be quoted in them.
    await this.#read(entries, [experiment], `tags.${NAME_TAG} = '${name}'`);
    const entry = entries.get(name);
    return entry === undefined ? null : plain(entry);
  }

  /** Notes what was written, so that it is found without being asked for. */
  async note(found: FoundRun): Promise<void> {
    const entries = this.#entries === null ? null : await this.#entries;
    entries?.set(found.name, { ...found, rank: 0, removed: false });
  }

  async #load(): Promise<Map<string, Entry>> {
    const asked = this.#entries ??= this.#readAll();
    try {
      return await asked;
    } catch (thrown) {
      this.#entries = null;
      throw thrown;
    }
  }

  async #readAll(): Promise<Map<string, Entry>> {
    const entries = new Map<string, Entry>();
    for (const lot of lotsOf(await this.#experiments.list())) {
      await this.#read(entries, lot, `tags.${NAME_TAG} != ''`);
    }
    return entries;
  }

  async #read(entries: Map<string, Entry>, experiments: readonly string[], filter: string): Promise<void> {
    for await (const page of this.#search.pages({ experiments, view: "ALL", filter })) {
      for (const run of page) this.#keep(entries, run);
    }
    // Half a look-up would make runs a second time.
    if (this.#signal.aborted) throw interrupted();
  }

  #keep(entries: Map<string, Entry>, run: MlflowRun): void {
    const entry = entryOf(run);
    const other = entries.get(entry.name);
    if (other === undefined) return void entries.set(entry.name, entry);
    const known = this.#doubled.get(entry.name) ?? [other.target];
    this.#doubled.set(entry.name, [...known, entry.target]);
    if (isBetter(entry, other)) entries.set(entry.name, entry);
  }

  #tellDoubled(name: string, taken: string): void {
    const all = this.#doubled.get(name);
    if (all === undefined) return;
    this.#doubled.delete(name);
    const others = all.filter((id) => id !== taken).join(", ");
    this.#log.warn(
      `the target has ${all.length} runs of the name ${name} (two processes wrote at the same time): ` +
        `azml goes on with ${taken}; delete ${others} when you do not need it`,
    );
  }

  #tellRemoved(count: number): void {
    this.#log.warn(
      `${count} runs that azml made were deleted in the target since: they stay deleted as long as their source does ` +
        "not change, and are not made a second time; to have them made again, purge them (mlflow gc)",
    );
  }
}

/** Whether a run of azml's counts as finished, and its digest. */
function digestOf({ tags, isDeleted }: MlflowRun): string | null {
  // An empty digest stands on a run that is being brought to another unit.
  const digest = tags[DIGEST_TAG] || null;
  if (digest === null || !digest.startsWith(ARCHIVE_MARK)) return digest;
  return isDeleted ? digest.slice(ARCHIVE_MARK.length) : null;
}

function entryOf(run: MlflowRun): Entry {
  const { tags, isDeleted } = run;
  const digest = digestOf(run);
  const [source, id] = [tags[SOURCE_TAG], tags[ORIGIN_TAG]];
  const removed = isDeleted && !(tags[DIGEST_TAG] ?? "").startsWith(ARCHIVE_MARK);
  return {
    name: tags[NAME_TAG] ?? "",
    target: run.id,
    origin: source !== undefined && id !== undefined ? { source, id } : null,
    digest,
    rank: (removed ? 0 : 2) + (digest === null ? 0 : 1),
    removed,
  };
}

/** Ends the same whatever the order. */
function isBetter(one: Entry, other: Entry): boolean {
  return one.rank === other.rank ? one.target < other.target : one.rank > other.rank;
}

function plain({ name, target, origin, digest }: Entry): FoundRun {
  return { name, target, origin, digest };
}

function interrupted(): Failure {
  return new Failure("Looking up what the target holds was interrupted.", {
    code: "interrupted",
    reach: "unreachable",
    retryable: true,
    hint: "run it again to continue",
  });
}
