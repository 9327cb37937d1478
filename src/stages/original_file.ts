import type { Loss } from "../records/loss.ts";
import type { UnitRecord } from "../records/unit.ts";

/** Where azml keeps what a run has no place for, relative to the run. */
export const ORIGINAL_PATH = "azml/original.json";

/**
 * The small file that azml writes into a run whose job held more than a run can: origin, the fields without a place,
 * and every value that had to give. Null when there is nothing to keep.
 */
export function originalFile(unit: UnitRecord, loss: readonly Loss[]): Uint8Array | null {
  const kept = loss.filter((one) => one.original !== undefined);
  if (!unit.rest && kept.length === 0) return null;
  const { origin, rest, incomplete } = unit;
  const content = { origin, rest: rest ?? null, loss, ...(incomplete === undefined ? {} : { incomplete }) };
  return new TextEncoder().encode(JSON.stringify(content, null, 2) + "\n");
}
