/**
 * Measures azml as users run it (the bundle, with the README's permissions) against peers and limits in the same run,
 * and prints each ratio with its goal. Never a test: a figure that falls short is said, and fails nothing.
 * `--soak` adds the two large streams through all four stages (some minutes more).
 */
import { makeBench } from "./bench/bench_azml.ts";
import { type Figure, row } from "./bench/figure.ts";
import { writeJobs } from "./bench/made_up_jobs.ts";
import { flatMemory } from "./bench/memory.ts";
import { offlineSpeed } from "./bench/offline_speed.ts";
import { serviceCalls } from "./bench/service_calls.ts";
import { soak } from "./bench/soak.ts";
import { startUp } from "./bench/start_up.ts";

const SMALL = 10_000;
const MEDIUM = 30_000;
const LARGE = 100_000;

const say = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(text + "\n"));

const bench = await makeBench();
try {
  await writeJobs(`${bench.dir}/small.ndjson`, SMALL);
  await writeJobs(`${bench.dir}/medium.ndjson`, MEDIUM);
  await writeJobs(`${bench.dir}/large.ndjson`, LARGE);
  const parts: (() => Promise<readonly Figure[]>)[] = [
    async () => [await startUp(bench)],
    () => offlineSpeed(bench, "medium.ndjson"),
    () => serviceCalls(bench),
    () => flatMemory(bench, "small.ndjson", "large.ndjson"),
  ];
  if (Deno.args.includes("--soak")) parts.push(() => soak(bench));
  for (const part of parts) {
    for (const figure of await part()) say(row(figure));
  }
} finally {
  await Deno.remove(bench.dir, { recursive: true });
}
