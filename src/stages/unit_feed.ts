import type { Item } from "../records/item.ts";
import type { UnitRecord } from "../records/unit.ts";
import { jsonSize } from "./json_size.ts";
import type { Planned } from "./planner.ts";
import { PointsChannel } from "./points_channel.ts";
import { ReadAhead } from "./read_ahead.ts";

/** What a stage does with the units of its input. */
export interface UnitWork<L> {
  /** Units worked on at once. */
  readonly concurrency: number;
  /** How many names {@linkcode UnitWork.lookUp} is given at most. */
  readonly bulk: number;
  /** Looks units up in bulk; asked when the first of them starts. */
  lookUp(units: readonly UnitRecord[]): Promise<L>;
  /** Carries one unit; started in the order of the input. Answers what to write. A throw ends the feed. */
  carry(unit: UnitRecord, found: Promise<L>, points: PointsChannel): Promise<readonly Item[]>;
  /** Once aborted no unit starts; those under way settle. */
  readonly signal: AbortSignal;
}

/** Enough for a full look-up of ordinary units; parsed points take several times their text. */
const READ_AHEAD = { entries: 200, weight: 1024 * 1024 };
/** Finished results that may wait for their turn, beside those under way. */
const RESULTS_WAITING = 256;

/**
 * Feeds units to their carriers, several at once, points reaching each as they come, and emits the results (and what
 * passes by) in the order of the input. What throws, the input included, is thrown after all that is under way has
 * settled and was emitted. `leftOver` is told how many records were read and never started.
 */
export async function* unitFeed<L>(
  input: AsyncIterable<readonly Planned[]>,
  work: UnitWork<L>,
  leftOver: (records: number) => void,
): AsyncGenerator<readonly Item[], void, undefined> {
  const feed = new Feed(input, work);
  try {
    for (let result = await feed.next(); result !== null; result = await feed.next()) {
      if (result.length > 0) yield result;
    }
    if (feed.failure !== null) throw feed.failure.by;
  } finally {
    leftOver(await feed.close());
  }
}

class Feed<L> {
  readonly #work: UnitWork<L>;
  readonly #ahead: ReadAhead<Planned>;
  readonly #results: Promise<readonly Item[]>[] = [];
  #running = 0;
  #current: PointsChannel | null = null;
  #ended = false;
  #stopped: boolean;
  #unstarted = 0;
  #waiting: (() => void)[] = [];
  /** The first thing that was thrown. */
  failure: { readonly by: unknown } | null = null;

  constructor(input: AsyncIterable<readonly Planned[]>, work: UnitWork<L>) {
    this.#work = work;
    this.#ahead = new ReadAhead(input, READ_AHEAD, (planned) => weigh(planned));
    this.#stopped = work.signal.aborted;
    work.signal.addEventListener("abort", this.#stop);
    this.#pump().catch((by) => this.#fail(by)).finally(() => {
      this.#current?.close();
      this.#ended = true;
      this.#changed();
    });
  }

  /** The next result in order; null when there is none any more. */
  async next(): Promise<readonly Item[] | null> {
    for (;;) {
      const head = this.#results.shift();
      if (head === undefined) {
        if (this.#ended || this.#stopped) return null;
        await this.#change();
        continue;
      }
      this.#changed();
      try {
        return await head;
      } catch (by) {
        this.#fail(by);
      }
    }
  }

  /** Stops, and waits for what is under way. Answers how many records never started. */
  async close(): Promise<number> {
    this.#stop();
    this.#work.signal.removeEventListener("abort", this.#stop);
    while (this.#running > 0) await this.#change();
    const unread = await this.#ahead.close();
    return this.#unstarted + unread.filter(({ type }) => type === "record").length;
  }

  readonly #stop = (): void => {
    this.#stopped = true;
    this.#current?.close();
    this.#changed();
  };

  #fail(by: unknown): void {
    this.failure ??= { by };
    this.#stop();
  }

  async #pump(): Promise<void> {
    for (let batch = await this.#read(); batch !== null; batch = await this.#read()) {
      const lookUps = this.#lookUps(batch);
      for (const planned of batch) {
        if (this.#stopped) this.#unstarted += planned.type === "record" ? 1 : 0;
        else await this.#take(planned, lookUps);
      }
    }
  }

  async #read(): Promise<readonly Planned[] | null> {
    return this.#stopped ? null : await this.#ahead.next();
  }

  async #take(planned: Planned, lookUps: ReadonlyMap<UnitRecord, () => Promise<L>>): Promise<void> {
    if (planned.type !== "record") {
      while (this.#results.length >= RESULTS_WAITING && !this.#stopped) await this.#change();
      this.#results.push(Promise.resolve([planned.type === "pass" ? planned.item : planned.error]));
      return this.#changed();
    }
    const { record } = planned;
    // The planner left no points without the unit right before them.
    if (record.kind === "points") return await this.#current?.push(record);
    this.#current?.close();
    this.#current = null;
    while (this.#isFull() && !this.#stopped) await this.#change();
    const lookUp = lookUps.get(record);
    if (this.#stopped || lookUp === undefined) this.#unstarted++;
    else this.#start(record, lookUp());
  }

  #isFull(): boolean {
    return this.#running >= this.#work.concurrency || this.#results.length >= RESULTS_WAITING;
  }

  #start(unit: UnitRecord, found: Promise<L>): void {
    const points = new PointsChannel(unit);
    this.#current = points;
    this.#running++;
    const result = this.#work.carry(unit, found, points).finally(() => {
      void points.discard();
      this.#running--;
      this.#changed();
    });
    // Both are looked at in their turn; until then a rejection is nobody's surprise.
    found.catch(() => {});
    result.catch(() => {});
    this.#results.push(result);
    this.#changed();
  }

  /** For each unit of a batch, the look-up that it shares with its neighbours. */
  #lookUps(batch: readonly Planned[]): ReadonlyMap<UnitRecord, () => Promise<L>> {
    const units = batch.flatMap((planned) =>
      planned.type === "record" && planned.record.kind === "unit" ? [planned.record] : []
    );
    const lookUps = new Map<UnitRecord, () => Promise<L>>();
    for (let at = 0; at < units.length; at += this.#work.bulk) {
      const some = units.slice(at, at + this.#work.bulk);
      let asked: Promise<L> | null = null;
      const ask = (): Promise<L> => asked ??= this.#work.lookUp(some);
      for (const unit of some) lookUps.set(unit, ask);
    }
    return lookUps;
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #changed(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}

function weigh(planned: Planned): number {
  const item = planned.type === "refused" ? planned.error : planned.item;
  return item.raw?.length ?? jsonSize(item.record);
}
