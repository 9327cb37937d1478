import { azml } from "./azml.ts";
import { startBenchEmulator } from "./emulator.ts";
import { type Figure, unmeasured } from "./figure.ts";
import { lastEnd } from "./last_end.ts";
import { peaksOf } from "./measure.ts";

const CEILING_MB = 200;

const REASON =
  "azml's own share is bounded (what is read ahead, 32 MB; what is set aside, 8 MB); Deno itself takes 45 MB and the " +
  "Azure libraries about 60 MB. The next gain: a smaller storage library on the way of extract.";

/** What goes through all four stages. */
const LOADS = [
  { what: "10,000 jobs of 20 points and 3 files", options: ["--jobs", "10000"], records: 10_000 },
  { what: "one job with 1,000,000 points", options: ["--big-metric", "1000000"], records: 1 },
] as const;

/**
 * Peak memory of each azml process of `extract | filter | plan | submit`, with real blobs behind the emulator: as on a
 * new user's machine, with an empty `DENO_DIR`, because the first start takes the most.
 */
export async function stages(folder: string): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  const goal = `each below ${CEILING_MB} MB`;
  for (const { what, options, records } of LOADS) {
    const title = `extract | filter | plan | submit, ${what}: peak memory, first start`;
    if (Deno.build.os !== "linux") figures.push(unmeasured(title, goal, "read from /proc: Linux only"));
    else figures.push({ what: title, goal, reason: REASON, ...await measure(folder, options, records) });
  }
  return figures;
}

async function measure(
  folder: string,
  options: readonly string[],
  records: number,
): Promise<Pick<Figure, "measured" | "met">> {
  const place = `${folder}/stages${options.join("")}`;
  const emulator = await startBenchEmulator(place, ...options);
  try {
    const output = `${place}/receipts.ndjson`;
    const cache = `${place}/deno_dir`;
    await Deno.mkdir(cache);
    const { peaks, wall } = await peaksOf(
      [
        azml("extract", "--source", emulator.source),
        azml("filter"),
        azml("plan", "--as", "runs"),
        azml("submit", "--target", emulator.target),
      ],
      { output },
      { ...emulator.env, DENO_DIR: cache },
    );
    const { jobs } = await lastEnd(output);
    if (jobs !== records) throw new Error(`${jobs} of ${records} jobs landed`);
    const each = ["extract", "filter", "plan", "submit"].map((stage) => peaks.get(stage) ?? NaN);
    const measured = `${each.map((mb) => mb.toFixed(0)).join(", ")} MB (in ${wall.toFixed(0)} s)`;
    return { measured, met: each.every((mb) => mb < CEILING_MB) };
  } finally {
    await emulator.stop();
  }
}
