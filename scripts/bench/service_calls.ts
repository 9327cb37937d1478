import { startEmulator } from "../../tests/emulator/start.ts";
import type { Bench } from "./bench_azml.ts";
import type { Figure } from "./figure.ts";
import { cost } from "./measure.ts";

const PIPELINES = 200;
const STEPS = 5;
const LATENCY_MS = 20;
const CONCURRENCY = 64;

/** How many calls a record costs, and how much of the latency of all calls is hidden. */
export async function serviceCalls({ dir, path }: Bench): Promise<Figure[]> {
  const emulator = await startEmulator({ generate: { pipelines: PIPELINES, steps: STEPS } });
  try {
    const env = { PATH: `${emulator.bin}:${path}` };
    const extract = (words: string) =>
      `azml extract -q --source ${emulator.configs.a} ${words} > ${dir}/out.ndjson`;
    await cost(extract("--no-artifacts --metrics none"), env);
    const cheap = await lastCounts(`${dir}/out.ndjson`);
    emulator.settings.latencyMs = LATENCY_MS;
    emulator.forgetRequests();
    const { wallMs } = await cost(extract(`--concurrency ${CONCURRENCY}`), env);
    const calls = emulator.requests().length;
    return [{
      what: "calls a record of extract --no-artifacts --metrics none",
      measured: cheap.calls / cheap.jobs,
      unit: "",
      goal: { most: 0.2 },
      detail: `${cheap.calls} calls, ${cheap.jobs} records (${PIPELINES} pipelines of ${STEPS} steps)`,
    }, {
      what: `calls x ${LATENCY_MS} ms against the wall time of a whole extract`,
      measured: calls * LATENCY_MS / wallMs,
      unit: "x",
      goal: { least: 20 },
      detail: `${calls} calls in ${(wallMs / 1000).toFixed(1)} s with --concurrency ${CONCURRENCY}`,
    }];
  } finally {
    await emulator.stop();
  }
}

async function lastCounts(file: string): Promise<{ readonly calls: number; readonly jobs: number }> {
  const end = JSON.parse((await Deno.readTextFile(file)).trimEnd().split("\n").at(-1) ?? "{}");
  return { calls: end.counts.calls, jobs: end.counts.out.job };
}
