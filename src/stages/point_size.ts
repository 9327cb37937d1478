import type { Point } from "../records/point.ts";

/** At most about so many characters a point takes in a line, with the comma behind it. */
export function pointSize(point: Point): number {
  const [step, , value] = point;
  return 24 + (typeof step === "string" ? step.length + 2 : 12) +
    (typeof value === "string" ? value.length + 2 : 24);
}
