/** A workspace's clock: real time from a chosen start, never the same instant twice. */
export class Clock {
  readonly #offset: number;
  #last = 0;

  /** `start` (ms since 1970) is what the clock shows now; real time when absent. */
  constructor(start?: number) {
    this.#offset = start === undefined ? 0 : start - Date.now();
  }

  /** Milliseconds since 1970; later than every answer before. */
  millis(): number {
    this.#last = Math.max(this.#last + 1, Date.now() + this.#offset);
    return this.#last;
  }

  /** The time as run history writes it: ISO 8601, seven fractional digits, `+00:00`. */
  now(): string {
    return serviceTime(this.millis());
  }
}

/** Milliseconds since 1970 as run history writes a time: `2024-01-02T03:04:05.1230000+00:00`. */
export function serviceTime(millis: number): string {
  return new Date(millis).toISOString().replace("Z", "0000+00:00");
}
