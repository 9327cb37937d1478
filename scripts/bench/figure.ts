/** One line of the table that the bench prints. */
export interface Figure {
  readonly what: string;
  /** What came out, with its unit; null when it could not be measured here (`reason` says why). */
  readonly measured: string | null;
  readonly goal: string;
  readonly met: boolean;
  /** Why it falls short and where the next gain lies; told only then. */
  readonly reason: string;
}

/** The middle one of some numbers; of an even count, the mean of the two in the middle. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2;
}

/** A figure that this machine cannot measure. */
export function unmeasured(what: string, goal: string, reason: string): Figure {
  return { what, measured: null, goal, met: false, reason };
}
