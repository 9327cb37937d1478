import { limitOf } from "../records/limits.ts";
import type { For, UnitRecord } from "../records/unit.ts";
import { Fitting } from "./plan_fitting.ts";
import { metricsOf, tablesOf } from "./plan_metrics.ts";

/**
 * Checks a unit against the limits of the world that it is brought to, from the very table that `plan` uses: a unit
 * may have been edited, or planned for another world. What has to give joins its `loss`; a unit that fits comes back
 * as it is.
 */
export function fitUnit(unit: UnitRecord, world: For): UnitRecord {
  const fit = new Fitting(world);
  const text = (field: "experiment" | "display_name" | "description"): string | null => {
    const value = unit[field] ?? null;
    return value === null ? null : fit.text(field, value, field);
  };
  const changed = {
    experiment: text("experiment"),
    display_name: text("display_name"),
    description: text("description"),
    tags: unit.tags ? fitMap(fit, "tags", unit.tags, 1) : null,
    params: unit.params ? fitMap(fit, "params", unit.params, 0) : null,
    metrics: metricsOf(unit, fit),
    tables: tablesOf(unit, fit),
  };
  return fit.loss.length === 0 ? unit : { ...unit, ...changed, loss: [...unit.loss ?? [], ...fit.loss] };
}

function fitMap(
  fit: Fitting,
  field: "tags" | "params",
  values: Readonly<Record<string, string>>,
  spare: number,
): Record<string, string> {
  const [key, value] = field === "tags"
    ? ["tag_key", "tag_value"] as const
    : ["param_key", "param_value"] as const;
  return fit.strings(field, values, { key, value, room: limitOf(fit.world, field) - spare });
}
