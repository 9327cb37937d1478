/** How far {@linkcode ReadAhead} may run ahead of its reader. */
export interface ReadAheadBounds {
  readonly entries: number;
  readonly weight: number;
}

/**
 * Reads batches while its reader is busy, and hands over all that has come meanwhile as one batch: a reader that asks
 * a service once a batch asks in bulk when it is the slower side, and at once when it is the faster one.
 */
export class ReadAhead<T> {
  readonly #input: AsyncIterator<readonly T[]>;
  readonly #bounds: ReadAheadBounds;
  readonly #weigh: (entry: T) => number;
  #pending: T[] = [];
  #weight = 0;
  #reading = false;
  #ended = false;
  #closed = false;
  #failure: { readonly by: unknown } | null = null;
  #wake: () => void = () => {};

  constructor(input: AsyncIterable<readonly T[]>, bounds: ReadAheadBounds, weigh: (entry: T) => number) {
    this.#input = input[Symbol.asyncIterator]();
    this.#bounds = bounds;
    this.#weigh = weigh;
  }

  /** What has come; waits when nothing has; null after the last batch or after `close`. Throws what the input threw, once. */
  async next(): Promise<readonly T[] | null> {
    for (;;) {
      if (this.#closed) return null;
      if (this.#pending.length > 0) return this.#take();
      if (this.#failure !== null) throw this.#failure.by;
      if (this.#ended) return null;
      this.#advance();
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  /** Stops reading; answers what was read and not handed over. A read that is pending may stay so. Never throws. */
  async close(): Promise<readonly T[]> {
    this.#closed = true;
    this.#wake();
    if (!this.#ended) {
      // What closing throws comes after the reason to close, and would hide it.
      const closed = this.#input.return?.().catch(() => {});
      if (!this.#reading) await closed;
      // What is ready already still comes in, so that it is counted; a silent input is not waited for.
      else await new Promise((resolve) => setTimeout(resolve, 0));
    }
    return this.#pending;
  }

  #take(): readonly T[] {
    const batch = this.#pending;
    this.#pending = [];
    this.#weight = 0;
    this.#advance();
    return batch;
  }

  #advance(): void {
    if (this.#reading || this.#ended || this.#closed) return;
    if (this.#pending.length >= this.#bounds.entries || this.#weight >= this.#bounds.weight) return;
    this.#reading = true;
    this.#input.next().then((result) => this.#read(result), (by) => this.#fail(by));
  }

  #read(result: IteratorResult<readonly T[]>): void {
    this.#reading = false;
    if (result.done) {
      this.#ended = true;
    } else {
      for (const entry of result.value) {
        this.#pending.push(entry);
        this.#weight += this.#weigh(entry);
      }
      this.#advance();
    }
    this.#wake();
  }

  #fail(by: unknown): void {
    this.#reading = false;
    this.#ended = true;
    this.#failure = { by };
    this.#wake();
  }
}
