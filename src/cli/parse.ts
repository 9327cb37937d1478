/** Reads a whole number of at least `least`; throws with a text that names what was given. */
export function wholeNumber(least: number): (input: string) => number {
  return (input) => {
    const value = Number(input);
    if (!/^\d+$/.test(input) || !Number.isSafeInteger(value) || value < least) {
      throw new RangeError(`Expected a whole number of at least ${least}: "${input}"`);
    }
    return value;
  };
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads a duration such as `90m`, `2h` or `45s`, in milliseconds. */
export function duration(input: string): number {
  const match = /^(\d+(?:\.\d+)?)([smhd])$/.exec(input);
  const unit = UNIT_MS[match?.[2] ?? ""];
  if (!match || unit === undefined) {
    throw new RangeError(`Expected a duration such as 90m, 2h or 45s: "${input}"`);
  }
  return Number(match[1]) * unit;
}

/** Takes a text as it is. */
export function text(input: string): string {
  return input;
}
