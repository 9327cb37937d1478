import { targetName } from "../records/target_name.ts";
import type { UnitRecord } from "../records/unit.ts";

/** The names that parents have in a target. Remembers the last one: siblings come one after the other. */
export class ParentNames {
  #latest: { readonly source: string | null; readonly id: string; readonly name: string } | null = null;

  /** The target name of the job `id` of a source. */
  of(source: string | null, id: string): string {
    const latest = this.#latest;
    if (latest !== null && latest.id === id && latest.source === source) return latest.name;
    const name = targetName("runs", source, id);
    this.#latest = { source, id, name };
    return name;
  }

  /**
   * A unit that was planned without its parent (`parent_target` null) names it again: the target may hold it. The unit
   * is then the same as if parent and child had been planned together. One whose `parent_target` was taken away stays
   * as it is.
   */
  restored(unit: UnitRecord): UnitRecord {
    const { source, id, parent } = unit.origin;
    if (unit.as !== "runs" || unit.parent_target !== null || parent === null || parent === id) return unit;
    return { ...unit, parent_target: this.of(source, parent) };
  }
}
