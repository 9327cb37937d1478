import { Failure } from "../records/failure.ts";
import type { JsonObject } from "../records/json.ts";

/** One `log-batch`. */
export interface Batch {
  readonly metrics: readonly JsonObject[];
  readonly params: readonly JsonObject[];
  readonly tags: readonly JsonObject[];
}

/** How much of each a request takes, and in all (MLflow REST API, "Log Batch"; real servers 2.17 to 3.17). */
const MOST = { metrics: 1000, params: 100, tags: 100 } as const;
const MOST_IN_ALL = 1000;

/** A request may have 1 MB; room is left for what surrounds its parts. */
const MOST_BYTES = 900_000;

/** A metric beside its name: value, time, step and the words around them. */
const METRIC_BYTES = 100;
const PAIR_BYTES = 30;

type Part = keyof typeof MOST;

const encoder = new TextEncoder();
const bytesOf = (text: string) => encoder.encode(JSON.stringify(text)).length;

/** A batch that is being filled. */
class Filling {
  readonly metrics: JsonObject[] = [];
  readonly params: JsonObject[] = [];
  readonly tags: JsonObject[] = [];
  #bytes = 0;

  /** Adds an entry where it fits; says whether it did. A first entry always does: it cannot be made smaller. */
  add(part: Part, entry: JsonObject, bytes: number): boolean {
    const all = this.metrics.length + this.params.length + this.tags.length;
    const fits = this[part].length < MOST[part] && all < MOST_IN_ALL && this.#bytes + bytes <= MOST_BYTES;
    if (!fits && all > 0) return false;
    this[part].push(entry);
    this.#bytes += bytes;
    return true;
  }
}

/**
 * What is logged to one run, in as few requests as the server takes: points leave when a request is full, params and
 * tags with the last points. What is sent is stored once, however often it is sent.
 */
export class RunBatches {
  readonly #send: (batch: Batch) => Promise<void>;
  #filling = new Filling();
  #metric = { key: "", bytes: 0 };

  constructor(send: (batch: Batch) => Promise<void>) {
    this.#send = send;
  }

  /** Adds a point, as `log-batch` has it. Throws `Failure`. */
  async point(key: string, point: JsonObject): Promise<void> {
    if (this.#metric.key !== key) this.#metric = { key, bytes: bytesOf(key) + METRIC_BYTES };
    await this.#add("metrics", { key, ...point }, this.#metric.bytes);
  }

  /** Adds params or tags. Throws `Failure`. */
  async pairs(part: "params" | "tags", pairs: Readonly<Record<string, string>>): Promise<void> {
    for (const [key, value] of Object.entries(pairs)) {
      await this.#add(part, { key, value }, bytesOf(key) + bytesOf(value) + PAIR_BYTES);
    }
  }

  /** Sends what is left, with one tag in the very last request: it says that all before it landed. Throws `Failure`. */
  async last(part: "tags", key: string, value: string): Promise<void> {
    await this.#add(part, { key, value }, bytesOf(key) + bytesOf(value) + PAIR_BYTES);
    await this.flush();
  }

  /** Sends what waits. Throws `Failure`. */
  async flush(): Promise<void> {
    const { metrics, params, tags } = this.#filling;
    this.#filling = new Filling();
    if (metrics.length + params.length + tags.length === 0) return;
    await sendOnce(this.#send, { metrics, params, tags });
  }

  async #add(part: Part, entry: JsonObject, bytes: number): Promise<void> {
    if (this.#filling.add(part, entry, bytes)) return;
    await this.flush();
    this.#filling.add(part, entry, bytes);
  }
}

/** What stores of MLflow say of a point that they hold already. */
const HELD = /IntegrityError|UNIQUE constraint|duplicate key|Duplicate entry/i;

/** MLflow leaves held points out by itself when there are so many in a request (its SQL store looks at 100 at once). */
const CAREFUL = 100;

/**
 * Sends a batch of which the server may hold points already (an earlier try, a run that is adopted). Stores leave those
 * out, but not always: 2.22 and 3.17 refuse a held NaN or infinity, and more than 100 held points of several metrics.
 * Then the points go in smaller pieces, down to one, of which the refusal says that it is there.
 */
async function sendOnce(send: (batch: Batch) => Promise<void>, batch: Batch): Promise<void> {
  const { metrics, params, tags } = batch;
  try {
    return await send(batch);
  } catch (thrown) {
    if (metrics.length === 0 || !isHeld(thrown)) throw thrown;
  }
  await sendPieces(send, metrics, CAREFUL);
  if (params.length + tags.length > 0) await send({ metrics: [], params, tags });
}

async function sendPieces(
  send: (batch: Batch) => Promise<void>,
  metrics: readonly JsonObject[],
  size: number,
): Promise<void> {
  for (let from = 0; from < metrics.length; from += size) {
    const piece = metrics.slice(from, from + size);
    try {
      await send({ metrics: piece, params: [], tags: [] });
    } catch (thrown) {
      if (!isHeld(thrown)) throw thrown;
      if (piece.length > 1) await sendPieces(send, piece, Math.ceil(piece.length / 2));
    }
  }
}

function isHeld(thrown: unknown): boolean {
  return thrown instanceof Failure && thrown.facts.status !== undefined && HELD.test(thrown.message);
}
