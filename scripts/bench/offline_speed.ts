import type { Bench } from "./bench_azml.ts";
import type { Figure } from "./figure.ts";
import { interleaved, median, medianRatio } from "./measure.ts";

const ROUNDS = 3;

/** `plan` and `filter` against `jq -c .` on the same file: how much more goes through a CPU second. */
export async function offlineSpeed({ dir, path }: Bench, file: string): Promise<Figure[]> {
  const lines = ["jq -c .", "azml filter -q --status completed", "azml plan -q --as runs"];
  const costs = await interleaved(lines.map((line) => `PATH=${path} ${line} < ${dir}/${file}`), ROUNDS);
  const [jq = [], filter = [], plan = []] = costs.map((all) => all.map(({ cpuMs }) => cpuMs));
  const figure = (what: string, mine: readonly number[]): Figure => ({
    what: `${what} against jq -c . (records a CPU second)`,
    measured: medianRatio(jq, mine),
    unit: "x",
    goal: { least: 3 },
    detail: `CPU ${(median(mine) / 1000).toFixed(2)} s, jq ${
      (median(jq) / 1000).toFixed(2)
    } s, ${ROUNDS} rounds in turns`,
  });
  return [figure("filter", filter), figure("plan", plan)];
}
