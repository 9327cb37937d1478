import { isJsonObject, type JsonObject } from "../records/json.ts";
import type { Loss } from "../records/loss.ts";
import { targetName } from "../records/target_name.ts";
import type { UnitRecord } from "../records/unit.ts";
import { type AssetScope, tryToSet } from "./asset_scope.ts";
import { assetText } from "./asset_tags.ts";
import type { HeldLoggedModel } from "./logged_model_index.ts";
import { MLFLOW_ROUTES } from "./routes.ts";

/** Points in one request, the most that servers take. */
const BATCH = 1000;

const FIELDS = ["key", "value", "timestamp", "step", "dataset_name", "dataset_digest"] as const;

/**
 * Brings the metrics of a logged model. A server takes them only as points of a run: of the same run that has them in
 * the source, where the same point is stored once. Answers the number of points whose run is not in the target. Throws
 * `Failure`.
 */
export async function carryLoggedModelMetrics(
  scope: AssetScope,
  unit: UnitRecord,
  held: HeldLoggedModel,
  loss: Loss[],
): Promise<number> {
  const there = new Set(held.metrics.map(keyOf));
  const missing = metricsOf(unit).filter((metric) => !there.has(keyOf(metric)));
  let homeless = 0;
  for (const [source, points] of byRun(missing, assetText(unit, "source_run_id"))) {
    const run = source === null ? undefined : await targetRun(scope, unit, source);
    if (run === undefined) {
      homeless += points.length;
      const reason = source === null ? "it was logged without a run" : `run ${source} is not in the target`;
      for (const { key } of points) loss.push({ field: `metrics.${String(key)}`, change: "dropped", reason });
      continue;
    }
    for (let start = 0; start < points.length; start += BATCH) {
      const metrics = points.slice(start, start + BATCH).map((point) => ({
        ...pointOf(point),
        model_id: held.id,
      }));
      const refused = await tryToSet(scope, MLFLOW_ROUTES.runs.logBatch, { run_id: run, metrics });
      if (refused === null) continue;
      for (const { key } of points.slice(start, start + BATCH)) {
        loss.push({ field: `metrics.${String(key)}`, change: "dropped", reason: refused });
      }
    }
  }
  return homeless;
}

async function targetRun(scope: AssetScope, unit: UnitRecord, source: string): Promise<string | undefined> {
  const name = source === assetText(unit, "source_run_id") && unit.refs?.["run"] !== undefined
    ? unit.refs["run"]
    : targetName("runs", unit.origin.source, source);
  return (await scope.runs.find([name])).get(name)?.target;
}

function metricsOf({ asset }: UnitRecord): readonly JsonObject[] {
  const metrics = asset?.["metrics"];
  return Array.isArray(metrics) ? metrics.filter(isJsonObject) : [];
}

function byRun(points: readonly JsonObject[], own: string | null): ReadonlyMap<string | null, JsonObject[]> {
  const runs = new Map<string | null, JsonObject[]>();
  for (const point of points) {
    const { run_id: id } = point;
    const run = typeof id === "string" && id !== "" ? id : own;
    runs.set(run, [...runs.get(run) ?? [], point]);
  }
  return runs;
}

function pointOf(metric: JsonObject): JsonObject {
  return Object.fromEntries(FIELDS.flatMap((field) => {
    const value = metric[field];
    return value === undefined || value === null ? [] : [[field, value]];
  }));
}

function keyOf(metric: JsonObject): string {
  return JSON.stringify(FIELDS.map((field) => metric[field] ?? (field === "step" ? 0 : null)));
}
