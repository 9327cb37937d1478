import { isJsonObject, type JsonObject, type JsonValue } from "../records/json.ts";
import type { Loss } from "../records/loss.ts";
import type { UnitRecord } from "../records/unit.ts";

/** The folder of a run that is azml's own. */
export const OWN_FOLDER = "azml/";

/** Where azml keeps what a run has no place for, relative to the run. */
export const ORIGINAL_PATH = `${OWN_FOLDER}original.json`;

/**
 * The small file that azml writes into a run whose job held more than a run can: origin, the fields without a place,
 * and every value that had to give. `before` is what the run's file holds so far (see {@linkcode readOriginal}): of it
 * stays what this unit has nothing to say about. Null when there is nothing to keep.
 */
export function originalFile(
  unit: UnitRecord,
  loss: readonly Loss[],
  before: JsonObject | null = null,
): Uint8Array | null {
  const kept = loss.filter((one) => one.original !== undefined);
  if (!unit.rest && kept.length === 0) return null;
  const { origin, rest, incomplete } = unit;
  const content = {
    origin,
    rest: restOf(rest ?? null, before),
    loss: [...loss, ...olderLoss(unit, loss, before)],
    ...(incomplete === undefined ? {} : { incomplete }),
  };
  return new TextEncoder().encode(JSON.stringify(content, null, 2) + "\n");
}

/** Reads the file of a run; null when it is none that azml wrote for this very job. */
export function readOriginal(unit: UnitRecord, content: Uint8Array): JsonObject | null {
  try {
    const parsed: JsonValue = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(content));
    if (!isJsonObject(parsed) || !isJsonObject(parsed.origin)) return null;
    const { id, source } = parsed.origin;
    const isOurs = id === unit.origin.id && lower(source) === lower(unit.origin.source);
    return isOurs ? parsed : null;
  } catch {
    return null;
  }
}

function lower(source: JsonValue | undefined): string {
  return String(source).toLowerCase();
}

function restOf(rest: JsonObject | null, before: JsonObject | null): JsonObject | null {
  if (!isJsonObject(before?.rest)) return rest;
  return { ...before.rest, ...rest };
}

/** Values that gave way before, and that this unit neither holds whole nor gives up itself. */
function olderLoss(
  unit: UnitRecord,
  loss: readonly Loss[],
  before: JsonObject | null,
): readonly JsonObject[] {
  const said = new Set(loss.map(({ field }) => field));
  for (const [part, values] of [["tags", unit.tags], ["params", unit.params]] as const) {
    for (const name of Object.keys(values ?? {})) said.add(`${part}.${name}`);
  }
  const older = Array.isArray(before?.loss) ? before.loss.filter(isJsonObject) : [];
  return older.filter(({ field, original }) => original !== undefined && !said.has(String(field)));
}
