import { badRequest } from "../errors.ts";
import type { Run } from "../state.ts";
import { isRunField, runField } from "./run_fields.ts";

/**
 * Orders runs by expressions such as `StartTimeUtc desc` (several, comma-separated); runs without the field come last.
 * Ties, and everything when nothing is asked for, keep the order of creation. Throws `ServiceError` 400 for a field
 * that nobody knows.
 */
export function orderRuns(runs: readonly Run[], expression: string | null): readonly Run[] {
  const terms = (expression ?? "").split(",").map((term) => term.trim()).filter((term) => term !== "");
  if (terms.length === 0) return runs;
  const keys = terms.map(orderKey);
  return [...runs].sort((left, right) => {
    for (const { field, sign } of keys) {
      const order = compare(runField(left, field), runField(right, field), sign);
      if (order !== 0) return order;
    }
    return 0;
  });
}

function orderKey(term: string): { field: string; sign: number } {
  const [field = "", direction = "asc"] = term.split(/\s+/);
  if (!isRunField(field)) throw badRequest(`Ordering by '${field}' is not supported.`);
  return { field, sign: direction.toLowerCase() === "desc" ? -1 : 1 };
}

function compare(left: string | null, right: string | null, sign: number): number {
  if (left === right) return 0;
  if (left === null) return 1;
  if (right === null) return -1;
  return left < right ? -sign : sign;
}
