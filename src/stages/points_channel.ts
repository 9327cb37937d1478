import type { PointsRecord } from "../records/points.ts";
import type { UnitRecord } from "../records/unit.ts";
import { PointsDue } from "./points_due.ts";

/** How many `points` records (of up to 10,000 points) may wait in a channel. */
const WAITING = 2;

/**
 * The points of one unit on their way from the stream to whoever carries the unit. The stream waits (`push`) while
 * the carrier is behind; nothing is held but {@linkcode WAITING} records.
 */
export class PointsChannel {
  readonly #due: PointsDue;
  readonly #queue: PointsRecord[] = [];
  #records = 0;
  #isClosed: boolean;
  #isDiscarded = false;
  #readerWakes: () => void = () => {};
  #writerWakes: () => void = () => {};
  readonly #whenClosed: Promise<void>;
  #resolveClosed: () => void = () => {};

  constructor(unit: UnitRecord) {
    this.#due = new PointsDue(unit.more_points);
    this.#whenClosed = new Promise((resolve) => this.#resolveClosed = resolve);
    this.#isClosed = false;
    if (this.#due.missing === 0) this.close();
  }

  /** How many records came. */
  get records(): number {
    return this.#records;
  }

  /** Points that were announced and have not come; final once the channel is closed. */
  get missing(): number {
    return this.#due.missing;
  }

  /** Hands a record over; waits while the carrier is behind. */
  async push(record: PointsRecord): Promise<void> {
    this.#records++;
    this.#due.came(record);
    if (!this.#isDiscarded) this.#queue.push(record);
    if (this.#due.missing === 0) this.close();
    this.#readerWakes();
    while (!this.#isClosed && !this.#isDiscarded && this.#queue.length >= WAITING) {
      await new Promise<void>((resolve) => this.#writerWakes = resolve);
    }
  }

  /** No more records will come. */
  close(): void {
    this.#isClosed = true;
    this.#resolveClosed();
    this.#readerWakes();
    this.#writerWakes();
  }

  /** The carrier wants no more of them. Resolves when the last one has gone by. */
  discard(): Promise<void> {
    this.#isDiscarded = true;
    this.#queue.length = 0;
    this.#writerWakes();
    return this.#whenClosed;
  }

  /** The records as they come, until the channel is closed. */
  async *read(): AsyncGenerator<PointsRecord, void, undefined> {
    for (;;) {
      const record = this.#queue.shift();
      if (record !== undefined) {
        this.#writerWakes();
        yield record;
      } else if (this.#isClosed) return;
      else await new Promise<void>((resolve) => this.#readerWakes = resolve);
    }
  }
}
