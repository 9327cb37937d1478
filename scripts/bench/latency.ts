import { azml } from "./azml.ts";
import { startBenchEmulator } from "./emulator.ts";
import { type Figure, median } from "./figure.ts";
import { lastEnd } from "./last_end.ts";
import { peaksOf } from "./measure.ts";

const JOBS = 1500;
const LATENCY_MS = 20;
const TIMES = 20;
const ROUNDS = 3;
const CONCURRENCY = 32;

const REASON =
  "a request costs 0.7 ms of processor time in azml (the Azure libraries' own work, XML of blob lists above all) and about " +
  "as much in the emulator, which shares this machine's two cores: at 1,000 requests a second both are full. The next " +
  "gain: a leaner reader of blob lists.";

/** Wall time of a whole extract from a slow service, against all its calls one after the other. */
export async function latency(folder: string): Promise<Figure> {
  const emulator = await startBenchEmulator(
    `${folder}/latency`,
    ...["--jobs", `${JOBS}`, "--latency", `${LATENCY_MS}`],
  );
  try {
    const output = `${folder}/latency.ndjson`;
    const words = ["extract", "--source", emulator.source, "--concurrency", `${CONCURRENCY}`];
    const ratios: number[] = [];
    let said = "";
    for (let round = 0; round < ROUNDS; round++) {
      const { wall } = await peaksOf([azml(...words)], { output }, emulator.env);
      const { calls } = await lastEnd(output);
      ratios.push(calls * LATENCY_MS / 1000 / wall);
      said = `${calls} calls in ${wall.toFixed(1)} s`;
    }
    const ratio = median(ratios);
    return {
      what:
        `extract --concurrency ${CONCURRENCY} at ${LATENCY_MS} ms latency: calls x latency, against wall time`,
      measured: `${ratio.toFixed(1)} times less (${said})`,
      goal: `${TIMES} times less`,
      met: ratio >= TIMES,
      reason: REASON,
    };
  } finally {
    await emulator.stop();
  }
}
