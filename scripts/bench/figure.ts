/** One row of the bench's table. */
export interface Figure {
  readonly what: string;
  readonly measured: number;
  /** `x` for ratios, `MB`, or nothing. */
  readonly unit: string;
  readonly goal: { readonly least: number } | { readonly most: number };
  /** How it was measured, or the parts of it. */
  readonly detail: string;
}

/** Whether a figure meets its goal. */
export function meets({ measured, goal }: Figure): boolean {
  return "least" in goal ? measured >= goal.least : measured <= goal.most;
}

/** The row as text. */
export function row(figure: Figure): string {
  const { what, measured, unit, goal, detail } = figure;
  const bound = "least" in goal ? `>= ${goal.least}` : `<= ${goal.most}`;
  const value = `${measured.toFixed(measured < 1 ? 3 : measured < 20 ? 2 : 0)} ${unit}`.trim();
  return `${meets(figure) ? "ok   " : "SHORT"} ${what.padEnd(58)} ${value.padStart(9)}  goal ${
    bound.padEnd(8)
  } ${detail}`;
}
