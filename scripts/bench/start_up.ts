import type { Bench } from "./bench_azml.ts";
import type { Figure } from "./figure.ts";
import { interleaved, median, medianRatio } from "./measure.ts";

const ROUNDS = 15;

/** `azml --version` against an empty program in the same runtime. */
export async function startUp({ dir, direct }: Bench): Promise<Figure> {
  const empty = `${Deno.execPath()} run --quiet ${dir}/empty.js`;
  const [none = [], azml = []] = (await interleaved([empty, `${direct} --version`], ROUNDS))
    .map((costs) => costs.map(({ wallMs }) => wallMs));
  return {
    what: "azml --version against an empty Deno program (wall time)",
    measured: medianRatio(azml, none),
    unit: "x",
    goal: { most: 1.6 },
    detail: `${median(azml).toFixed(0)} ms, empty ${median(none).toFixed(0)} ms, ${ROUNDS} rounds in turns`,
  };
}
