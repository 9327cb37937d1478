import type { Tally } from "../records/tally.ts";
import type { PlanSettings } from "./plan_options.ts";
import { type Planned, Planner, type ToPlan } from "./planner.ts";
import type { StageContext } from "./ports.ts";

/**
 * The heart of `plan`, for every stage that plans on the way: jobs become units, units pass. Counts what it drops
 * or refuses; what goes out is for the stage to count. `forTarget`: the units
 * go straight to a target, see {@linkcode Planner}. Ends early, letting waiting jobs go, once `ctx.signal` aborts.
 */
export async function* planArrivals(
  arrivals: AsyncIterable<readonly ToPlan[]>,
  settings: PlanSettings,
  tally: Tally,
  ctx: StageContext,
  forTarget = false,
): AsyncGenerator<readonly Planned[], void, undefined> {
  const planner = new Planner(settings, tally, ctx, forTarget);
  let isWhole = false;
  try {
    for await (const batch of arrivals) {
      if (ctx.signal.aborted) return tally.dropped(batch.filter(({ type }) => type === "record").length);
      const out: Planned[] = [];
      for (const arrival of batch) {
        const waiting = planner.take(arrival, out);
        if (waiting !== undefined) await waiting;
      }
      if (out.length > 0) yield out;
    }
    if (ctx.signal.aborted) return;
    isWhole = true;
    yield* planner.finish();
  } finally {
    if (!isWhole) planner.giveUp();
    await planner.close();
  }
}
