/** Points that a metric is taken to have at most, as long as nothing is known of metrics of its name. */
const UNKNOWN_MOST = 1_000;

/** Names that are remembered. */
const MOST_NAMES = 10_000;

/** How much a new measurement counts. */
const WEIGHT = 0.5;

/**
 * Guesses how many points a metric of a run has from the step of its last one: as many as steps at first, then by what
 * the histories of that name had for their steps so far (a step may be an epoch, a sample, or always 0).
 */
export class HistoryPace {
  readonly #ratios = new Map<string, number>();

  /** Guessed points of a metric, at least 1. */
  guess(key: string, step: number): number {
    const ratio = this.#ratios.get(key);
    const steps = stepsOf(step);
    return Math.max(1, ratio === undefined ? Math.min(steps, UNKNOWN_MOST) : steps * ratio);
  }

  /** Tells how many points a metric with that last step had. */
  note(key: string, step: number, points: number): void {
    const ratio = points / stepsOf(step);
    const before = this.#ratios.get(key);
    if (before === undefined && this.#ratios.size >= MOST_NAMES) return;
    this.#ratios.set(key, before === undefined ? ratio : before + (ratio - before) * WEIGHT);
  }
}

function stepsOf(step: number): number {
  return Math.max(1, step + 1);
}
