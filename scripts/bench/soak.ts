import { type EmulatorOptions, startEmulator } from "../../tests/emulator/start.ts";
import type { Bench } from "./bench_azml.ts";
import type { Figure } from "./figure.ts";
import { peakMemory } from "./peak_memory.ts";

/** What is streamed through all four stages. */
const LOADS: readonly {
  readonly what: string;
  readonly generate: NonNullable<EmulatorOptions["generate"]>;
}[] = [
  { what: "10,000 jobs (20 points, 3 files each)", generate: { jobs: 10_000, points: 20, files: 3 } },
  {
    what: "one job with 1,000,000 points",
    generate: { jobs: 1, points: 20, files: 3, big_metric: 1_000_000 },
  },
];

/** Peak memory of every process of `extract | filter | plan | submit` on large workspaces. */
export async function soak(bench: Bench): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { what, generate } of LOADS) {
    const emulator = await startEmulator({ generate });
    try {
      const { a, b } = emulator.configs;
      const line =
        `azml extract -q --source ${a} | azml filter -q | azml plan -q --as runs | azml submit -q --target ${b}`;
      const peaks = await peakMemory(line, { PATH: `${emulator.bin}:${bench.path}` });
      figures.push({
        what: `peak memory of extract | filter | plan | submit: ${what}`,
        measured: Math.max(...peaks),
        unit: "MB",
        goal: { most: 200 },
        detail: peaks.map((peak) => peak.toFixed(0)).join(", ") + " MB, in order of start",
      });
    } finally {
      await emulator.stop();
    }
  }
  return figures;
}
