import type { Loss } from "../records/loss.ts";
import type { UnitRecord } from "../records/unit.ts";
import { DEFAULT_EXPERIMENT } from "./ensure_experiment.ts";
import type { OpenRun } from "./run_create.ts";

/**
 * What a run that is made now says although its unit says nothing: every run is in an experiment, and the service
 * names a run without a name after its id (Azure ML run history). For the status see `statusOf`.
 */
export function inventedValues(unit: UnitRecord, { run, wasThere }: OpenRun): readonly Loss[] {
  if (wasThere) return [];
  const loss: Loss[] = [];
  if (!unit.experiment) {
    const reason = `the unit names none, and every run is in one: it is in ${DEFAULT_EXPERIMENT}`;
    loss.push({ field: "experiment", change: "rewritten", reason });
  }
  if (!unit.display_name && run.displayName) {
    const reason = `the unit has none, and the service made ${JSON.stringify(run.displayName)} of that`;
    loss.push({ field: "display_name", change: "rewritten", reason });
  }
  return loss;
}
