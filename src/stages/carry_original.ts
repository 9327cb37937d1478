import type { JsonObject } from "../records/json.ts";
import type { Loss } from "../records/loss.ts";
import type { UnitRecord } from "../records/unit.ts";
import { ORIGINAL_PATH, originalFile, readOriginal } from "./original_file.ts";
import type { RunWriter } from "./ports.ts";

const TYPE = "application/json";

/**
 * Writes `azml/original.json` into a run, where there is something to keep; what the run's file held before and the
 * unit does not speak of stays in it. Answers whether it wrote. Throws `Failure`.
 */
export async function carryOriginal(
  run: RunWriter,
  unit: UnitRecord,
  loss: readonly Loss[],
): Promise<boolean> {
  if (originalFile(unit, loss) === null) return false;
  const content = originalFile(unit, loss, await heldBefore(run, unit));
  if (content === null) return false;
  await run.file(ORIGINAL_PATH, content, TYPE);
  return true;
}

/** What the run's file holds; one that is not this job's is kept under another name. */
async function heldBefore(run: RunWriter, unit: UnitRecord): Promise<JsonObject | null> {
  const bytes = await run.readFile(ORIGINAL_PATH);
  if (bytes === null) return null;
  const held = readOriginal(unit, bytes);
  if (held === null) await keepAside(run, bytes);
  return held;
}

async function keepAside(run: RunWriter, bytes: Uint8Array): Promise<void> {
  for (let number = 1;; number++) {
    const path = `azml/original-${number}.json`;
    const there = await run.readFile(path);
    if (there !== null && isSame(there, bytes)) return;
    if (there === null) return await run.file(path, bytes, TYPE);
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
