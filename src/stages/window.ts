/** How an {@linkcode orderedWindow} is bounded. */
export interface WindowOptions<B> {
  /** Bytes of a finished result. Without it, results are counted and at most `concurrency` of them wait. */
  readonly weigh?: (result: B) => number;
  /** How many bytes of finished results may wait for their turn before no new work starts; 32 MiB. */
  readonly readAheadBytes?: number;
  /** Once aborted nothing new starts; what is under way settles and is emitted, then the window ends. */
  readonly signal?: AbortSignal;
}

/** Work on one input, in the order of the input. */
interface Slot<B> {
  state: "running" | "done" | "failed";
  value?: B;
  error?: unknown;
  weight: number;
}

const READ_AHEAD_BYTES = 32 * 1024 * 1024;

/** Before anything is known of the weights, so many results are made at a time. */
const UNKNOWN = 4;

/** How much of the expected weight remains after a result that was lighter. */
const FADING = 0.75;

/**
 * Runs `work` on each input, at most `concurrency` at a time, and emits the results in the order of the input.
 *
 * It reads ahead while the finished results that wait for their turn, and those under way at the weight of the
 * heaviest of late, weigh less than `readAheadBytes`: large results are made a few at a time. It stops starting when the consumer stops, when `signal`
 * aborts, or when a piece of work or the input fails; then what is under way settles first. Results before the
 * failed one are emitted, then the first error in the order of the input is thrown. The signal that `work` gets
 * aborts with `options.signal`, and when its result will not be looked at any more.
 */
export async function* orderedWindow<A, B>(
  input: AsyncIterable<A>,
  concurrency: number,
  work: (input: A, signal: AbortSignal) => Promise<B>,
  options: WindowOptions<B> = {},
): AsyncGenerator<B, void, undefined> {
  const window = new Window(input[Symbol.asyncIterator](), Math.max(1, concurrency), work, options);
  try {
    for (;;) {
      const slot = await window.next();
      if (slot === null) return;
      if (slot.state === "failed") throw slot.error;
      // A slot that is done has its value; only the type of a slot under way leaves it open.
      yield slot.value as B;
    }
  } finally {
    await window.close();
  }
}

/** The state of one window. Driven by what settles, so that it advances while the consumer is busy elsewhere. */
class Window<A, B> {
  readonly #input: AsyncIterator<A>;
  readonly #concurrency: number;
  readonly #work: (input: A, signal: AbortSignal) => Promise<B>;
  readonly #weigh: (result: B) => number;
  readonly #weighs: boolean;
  readonly #limit: number;
  readonly #outer: AbortSignal | undefined;
  readonly #unwanted = new AbortController();
  readonly #signal: AbortSignal;
  readonly #queue: Slot<B>[] = [];
  #running = 0;
  #held = 0;
  /** What a result under way will weigh, going by those before it. */
  #expected = 0;
  #reading = false;
  #ended = false;
  #stopped = false;
  #wake: () => void = () => {};

  constructor(
    input: AsyncIterator<A>,
    concurrency: number,
    work: (input: A, signal: AbortSignal) => Promise<B>,
    options: WindowOptions<B>,
  ) {
    this.#input = input;
    this.#concurrency = concurrency;
    this.#work = work;
    this.#weighs = options.weigh !== undefined;
    this.#weigh = options.weigh ?? (() => 1);
    this.#limit = options.weigh === undefined ? concurrency : options.readAheadBytes ?? READ_AHEAD_BYTES;
    this.#expected = this.#weighs ? this.#limit / UNKNOWN : 0;
    this.#outer = options.signal;
    this.#signal = this.#outer === undefined
      ? this.#unwanted.signal
      : AbortSignal.any([this.#outer, this.#unwanted.signal]);
    if (this.#outer?.aborted) this.#stopped = true;
    this.#outer?.addEventListener("abort", this.#stop);
  }

  readonly #stop = (): void => {
    this.#stopped = true;
    this.#wake();
  };

  /** The next slot in order once it has settled; null when there is none any more. */
  async next(): Promise<Slot<B> | null> {
    for (;;) {
      this.#advance();
      const head = this.#queue[0];
      if (head === undefined && (this.#ended || this.#stopped)) return null;
      if (head !== undefined && head.state !== "running") {
        this.#queue.shift();
        this.#held -= head.weight;
        this.#advance();
        return head;
      }
      await this.#changed();
    }
  }

  /** Stops, waits for what is under way, and closes the input. Never throws. */
  async close(): Promise<void> {
    this.#stopped = true;
    this.#outer?.removeEventListener("abort", this.#stop);
    this.#unwanted.abort();
    while (this.#running > 0) await this.#changed();
    if (this.#ended) return;
    // What closing the input throws comes after the reason to close, and would hide it.
    const closed = this.#input.return?.().catch(() => {});
    // A read that is pending may stay so (a silent pipe): its close is queued behind it and not waited for.
    if (!this.#reading) await closed;
  }

  #changed(): Promise<void> {
    return new Promise((resolve) => this.#wake = resolve);
  }

  /** Reads the next input if there is room for its work. */
  #advance(): void {
    if (this.#reading || this.#ended || this.#stopped) return;
    if (!this.#hasRoom()) return;
    this.#reading = true;
    this.#input.next().then((result) => this.#read(result), (error) => this.#inputFailed(error));
  }

  #hasRoom(): boolean {
    if (this.#running >= this.#concurrency || this.#held >= this.#limit) return false;
    return this.#running === 0 || this.#held + this.#running * this.#expected < this.#limit;
  }

  #read(result: IteratorResult<A>): void {
    this.#reading = false;
    if (result.done) this.#ended = true;
    else if (!this.#stopped) this.#start(result.value);
    this.#advance();
    this.#wake();
  }

  #inputFailed(error: unknown): void {
    this.#reading = false;
    this.#ended = true;
    if (!this.#stopped) this.#queue.push({ state: "failed", error, weight: 0 });
    this.#wake();
  }

  #start(input: A): void {
    const slot: Slot<B> = { state: "running", weight: 0 };
    this.#queue.push(slot);
    this.#running++;
    this.#run(slot, input).catch((error) => {
      slot.state = "failed";
      slot.error = error;
      this.#stopped = true;
    }).finally(() => {
      this.#running--;
      this.#advance();
      this.#wake();
    });
  }

  async #run(slot: Slot<B>, input: A): Promise<void> {
    const value = await this.#work(input, this.#signal);
    const weight = this.#weigh(value);
    slot.state = "done";
    slot.value = value;
    slot.weight = weight;
    this.#held += weight;
    // A count has nothing to foresee: its bound is on what is finished alone.
    if (this.#weighs) this.#expected = Math.max(weight, this.#expected * FADING);
  }
}
