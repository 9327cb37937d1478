import type { JsonObject } from "../records/json.ts";
import type { Point } from "../records/point.ts";
import { BatchOnce, type SendBatch } from "./run_batch_once.ts";

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
  readonly #once: BatchOnce;
  #filling = new Filling();
  #metric = { key: "", bytes: 0 };

  /** `history` gives all points of a metric as the server holds them now. */
  constructor(send: SendBatch, history: (metric: string) => Promise<readonly Point[]>) {
    this.#once = new BatchOnce(send, history);
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
    await this.#once.send({ metrics, params, tags });
  }

  async #add(part: Part, entry: JsonObject, bytes: number): Promise<void> {
    if (this.#filling.add(part, entry, bytes)) return;
    await this.flush();
    this.#filling.add(part, entry, bytes);
  }
}
