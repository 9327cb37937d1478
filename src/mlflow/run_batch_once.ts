import { Failure } from "../records/failure.ts";
import type { JsonObject, JsonValue } from "../records/json.ts";
import type { Point } from "../records/point.ts";

/** One `log-batch`. */
export interface Batch {
  readonly metrics: readonly JsonObject[];
  readonly params: readonly JsonObject[];
  readonly tags: readonly JsonObject[];
}

/** Sends one `log-batch`. */
export type SendBatch = (batch: Batch) => Promise<void>;

/** What stores of MLflow say of a point that they hold already. */
const HELD = /IntegrityError|UNIQUE constraint|duplicate key|Duplicate entry/i;

/** MLflow leaves held points out by itself when there are so many in a request (its SQL store looks at 100 at once). */
const CAREFUL = 100;

const LARGEST = Number.MAX_VALUE;

/**
 * Sends batches of which the server may hold points already (an earlier try, a run that is adopted). Stores leave those
 * out, but not always: 2.22 and 3.17 refuse a held NaN or infinity, and more than 100 held points of several metrics,
 * and the whole request with them. Then held ones of the first kind are looked up and left out, and the rest goes in
 * smaller pieces, down to one point, of which the refusal says that it is there.
 */
export class BatchOnce {
  readonly #send: SendBatch;
  readonly #history: (metric: string) => Promise<readonly Point[]>;
  /** NaN and infinities that the server holds, of metrics that were looked up. */
  readonly #held = new Map<JsonValue, ReadonlySet<string>>();

  constructor(send: SendBatch, history: (metric: string) => Promise<readonly Point[]>) {
    this.#send = send;
    this.#history = history;
  }

  /** Throws `Failure`. */
  async send(batch: Batch): Promise<void> {
    const { params, tags } = batch;
    const metrics = this.#held.size === 0 ? batch.metrics : this.#missing(batch.metrics);
    try {
      return await this.#send({ metrics, params, tags });
    } catch (thrown) {
      if (metrics.length === 0 || !isHeld(thrown)) throw thrown;
    }
    await this.#lookUp(metrics);
    await this.#pieces(this.#missing(metrics), CAREFUL);
    if (params.length + tags.length > 0) await this.#send({ metrics: [], params, tags });
  }

  async #pieces(metrics: readonly JsonObject[], size: number): Promise<void> {
    for (let from = 0; from < metrics.length; from += size) {
      const piece = metrics.slice(from, from + size);
      try {
        await this.#send({ metrics: piece, params: [], tags: [] });
      } catch (thrown) {
        if (!isHeld(thrown)) throw thrown;
        if (piece.length > 1) await this.#pieces(piece, Math.ceil(piece.length / 2));
      }
    }
  }

  async #lookUp(metrics: readonly JsonObject[]): Promise<void> {
    for (const { key, value } of metrics) {
      if (typeof key !== "string" || this.#held.has(key) || !isSpecial(value)) continue;
      const points = await this.#history(key);
      const special = points.filter(([, , value]) => isSpecial(value));
      this.#held.set(key, new Set(special.map(([step, time, value]) => mark(step, time, value))));
    }
  }

  #missing(metrics: readonly JsonObject[]): readonly JsonObject[] {
    return metrics.filter(({ key = null, step, timestamp, value }) =>
      !isSpecial(value) || !this.#held.get(key)?.has(mark(step, timestamp, value))
    );
  }
}

/** Infinities are kept as the largest doubles. */
function isSpecial(value: JsonValue | undefined): boolean {
  return typeof value === "string" || (typeof value === "number" && Math.abs(value) === LARGEST);
}

function mark(
  step: JsonValue | undefined,
  time: JsonValue | undefined,
  value: JsonValue | undefined,
): string {
  const number = Number(value);
  const kept = Number.isNaN(number) ? number : Math.max(-LARGEST, Math.min(LARGEST, number));
  return `${textOfStep(step)} ${String(time)} ${kept}`;
}

/** Steps beyond 2^53 are `JSON.rawJSON` on their way out, and texts on their way in. */
function textOfStep(step: JsonValue | undefined): string {
  return typeof step === "object" ? JSON.stringify(step) : String(step);
}

function isHeld(thrown: unknown): boolean {
  return thrown instanceof Failure && thrown.facts.status !== undefined && HELD.test(thrown.message);
}
