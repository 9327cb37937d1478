import type { Bench } from "./bench_azml.ts";
import type { Figure } from "./figure.ts";
import { peakMemory } from "./peak_memory.ts";

const CEILING_MB = 200;

/** Peak memory of `filter | plan` on a small and on a large stream: equal, and below the ceiling. */
export async function flatMemory({ dir, path }: Bench, small: string, large: string): Promise<Figure[]> {
  const line = (file: string) => `azml filter -q < ${dir}/${file} | azml plan -q --as runs`;
  const peaks = async (file: string) => await peakMemory(line(file), { PATH: path });
  const few = await peaks(small);
  const many = await peaks(large);
  const names = ["filter", "plan"];
  const growth = names.map((_, i) => (many[i] ?? NaN) / (few[i] ?? NaN));
  return [{
    what: "peak memory at 100,000 records against 10,000 (the worse of both)",
    measured: Math.max(...growth),
    unit: "x",
    goal: { most: 1.1 },
    detail: names.map((name, i) => `${name} ${few[i]?.toFixed(0)} -> ${many[i]?.toFixed(0)} MB`).join(", "),
  }, {
    what: "peak memory of filter | plan at 100,000 records",
    measured: Math.max(...many),
    unit: "MB",
    goal: { most: CEILING_MB },
    detail: "VmHWM of the larger process",
  }];
}
