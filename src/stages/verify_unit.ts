import type { DiffRecord, FieldDiff } from "../records/diff.ts";
import { Failure } from "../records/failure.ts";
import type { Item } from "../records/item.ts";
import type { UnitRecord } from "../records/unit.ts";
import { fitUnit } from "./fit_unit.ts";
import type { PointsChannel } from "./points_channel.ts";
import type { FoundJob } from "./ports.ts";
import { isAssetUnit } from "./asset_unit.ts";
import type { Looked, Verification } from "./verification.ts";
import { verifyArtifacts } from "./verify_artifacts.ts";
import { verifyAsset } from "./verify_asset.ts";
import { verifyFields } from "./verify_fields.ts";
import { verifyMetrics } from "./verify_metrics.ts";

/** Compares one unit with what the target holds under its name, and answers its `diff`. Throws only what is a bug. */
export async function verifyUnit(
  given: UnitRecord,
  looked: Promise<Looked>,
  points: PointsChannel,
  verification: Verification,
): Promise<readonly Item[]> {
  const unit = isAssetUnit(given) ? given : fitUnit(given, verification.world ?? given.for);
  verification.expect(unit);
  try {
    if (isAssetUnit(unit)) return await verifyHeld(unit);
    const there = (await looked).get(unit.target_name);
    if (there === undefined) return await settle("+", []);
    if ("kind" in there) return await settle("!", [{ field: "record", message: there.message }]);
    const { fields, unreadable } = await compare(unit, there, points);
    if (unreadable.length > 0) {
      return await settle("!", [...unreadable, ...verification.untold(unit, fields)]);
    }
    const untold = verification.untold(unit, fields);
    return await settle(untold.length === 0 ? "=" : "*", untold);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return await settle("!", [{ field: "record", message: error.message }], error);
  }

  async function verifyHeld(unit: UnitRecord): Promise<readonly Item[]> {
    const there = await verification.assets?.get(unit) ?? null;
    if (there === null) return await settle(verification.isKeptElsewhere(unit) ? "=" : "+", []);
    const untold = verification.untold(unit, await verifyAsset(unit, there));
    return await settle(untold.length === 0 ? "=" : "*", untold);
  }

  async function settle(symbol: DiffRecord["symbol"], fields: FieldDiff[], failure?: Failure) {
    await points.discard();
    const target = symbol === "+" ? null : unit.target_name;
    const diff: DiffRecord = { kind: "diff", v: 1, id: unit.origin.id, symbol, fields, target };
    return verification.settle(diff, points.records, failure);
  }
}

async function compare(
  unit: UnitRecord,
  there: FoundJob,
  points: PointsChannel,
): Promise<{ readonly fields: FieldDiff[]; readonly unreadable: FieldDiff[] }> {
  const metrics = await verifyMetrics(unit, there, points);
  const files = await verifyArtifacts(unit, there);
  const faults = there.faults.filter(({ part }) => part !== "definition" && part !== "children")
    .map(({ part, message }) => ({ field: part.replace("/", "."), message }));
  return {
    fields: [...verifyFields(unit, there.record), ...metrics.diffs, ...files],
    unreadable: [...faults, ...metrics.unreadable],
  };
}
