import type { Item, Stream } from "../records/item.ts";
import { Tally } from "../records/tally.ts";
import { intake } from "./intake.ts";
import { planArrivals } from "./plan_arrivals.ts";
import type { PlanOptions } from "./plan_options.ts";
import { planSettings } from "./plan_settings.ts";
import { type Planned, PLANNED_KINDS } from "./planner.ts";
import type { StageContext } from "./ports.ts";

/**
 * Turns job records into units: target names, lineage tags, and values that fit the target, with a `loss` for each
 * that had to give. Units that come in pass as they are.
 *
 * A child whose parent has not come waits until the input has ended, then becomes a root. What comes twice lands
 * once: the first wins, a repeated line is dropped, one with other content is an `error` (`duplicate_differs`).
 * Throws `Failure` (usage) before the first record for options that azml cannot do, and what its input throws.
 */
export async function* plan(input: Stream, options: PlanOptions, ctx: StageContext): Stream {
  const settings = planSettings(options);
  const tally = new Tally("plan");
  let stopped: { readonly by: unknown } | null = null;
  try {
    const arrivals = intake(input, PLANNED_KINDS, tally, ctx);
    for await (const batch of planArrivals(arrivals, settings, tally, ctx)) {
      yield batch.map((planned) => written(planned, tally));
    }
  } catch (by) {
    stopped = { by };
  }
  yield [{ record: tally.end(stopped === null && !ctx.signal.aborted) }];
  if (stopped !== null) throw stopped.by;
}

/** The line that goes out, counted. */
function written(planned: Planned, tally: Tally): Item {
  if (planned.type === "refused") return planned.error;
  if (planned.type === "record") tally.out(planned.record);
  return planned.item;
}
