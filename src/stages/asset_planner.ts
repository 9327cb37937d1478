import { type AssetRecord, isAssetKind } from "../records/asset.ts";
import { checkRecord } from "../records/check.ts";
import { isRecord, type Item } from "../records/item.ts";
import { parseLine } from "../records/parse_line.ts";
import type { UnitRecord } from "../records/unit.ts";
import { assetUnit } from "./asset_unit.ts";
import type { PlanSettings } from "./plan_options.ts";
import type { Spool, SpoolMaker } from "./ports.ts";

/** Plans objects beside the jobs: knows the version that came before, and holds what has to wait for jobs. */
export class AssetPlanner {
  readonly #makeSpool: SpoolMaker;
  /** Target name of the latest version of each model. */
  readonly #latest = new Map<string, string>();
  #waiting: Spool | null = null;
  #held = 0;

  constructor(makeSpool: SpoolMaker) {
    this.#makeSpool = makeSpool;
  }

  /** How many objects wait. */
  get held(): number {
    return this.#held;
  }

  /** Makes the unit of a record. */
  unit(record: AssetRecord, settings: PlanSettings): UnitRecord {
    if (record.kind !== "model_version") return assetUnit(record, settings, null);
    const model = `${(record.source ?? "").toLowerCase()}\n${record.name ?? ""}`;
    const unit = assetUnit(record, settings, this.#latest.get(model) ?? null);
    this.#latest.set(model, unit.target_name);
    return unit;
  }

  /** Sets an object aside until the jobs that wait have been planned. Throws the spool's `Failure`. */
  hold(record: AssetRecord, item: Item): Promise<void> {
    this.#held++;
    this.#waiting ??= this.#makeSpool();
    return this.#waiting.append(item.raw ?? JSON.stringify(record));
  }

  /** The objects that were set aside, in the order in which they came. */
  async *release(): AsyncGenerator<AssetRecord, void, undefined> {
    if (this.#waiting === null) return;
    for await (const text of this.#waiting.read()) {
      this.#held--;
      yield heldAsset(text);
    }
  }

  /** Frees memory and file. */
  async close(): Promise<void> {
    await this.#waiting?.close();
  }
}

/** Reads a line that was checked before it was set aside; throws `Error` (a bug) when it is no such record any more. */
function heldAsset(text: string): AssetRecord {
  const value = parseLine(text);
  const check = isRecord(value) ? checkRecord(value) : null;
  // Safe: a checked record of an asset kind is an AssetRecord, which the checker's union does not narrow to.
  if (check?.ok === true && isAssetKind(check.record.kind)) return check.record as AssetRecord;
  throw new Error(`a line that was set aside came back as something else: ${text.slice(0, 80)}`);
}
