import type { JsonObject, JsonValue } from "../records/json.ts";
import type { Fault } from "../stages/ports.ts";

/** Points with a context that a record names. */
const MOST = 20_000;

/**
 * What points of a run carry beyond their numbers (the dataset and the model of a measurement): by metric, pairs of
 * the point's place in the metric's whole history and the facts.
 */
export class MetricContexts {
  readonly #facts = new Map<string, [number, JsonObject][]>();
  #size = 0;
  #left = 0;

  add(metric: string, at: number, facts: JsonObject): void {
    if (this.#size === MOST) {
      this.#left++;
      return;
    }
    this.#size++;
    const known = this.#facts.get(metric) ?? [];
    if (known.length === 0) this.#facts.set(metric, known);
    known.push([at, facts]);
  }

  /** The field `metric_context`; null when no point has any. */
  field(): JsonValue {
    return this.#size === 0 ? null : Object.fromEntries(this.#facts);
  }

  /** Says what there was no room for. */
  fault(run: string): Fault | null {
    if (this.#left === 0) return null;
    return {
      part: "metrics",
      code: "too_large",
      message:
        `run ${run}: ${this.#left} points name a dataset or a model beyond the ${MOST} that a record holds`,
      retryable: false,
    };
  }
}
