import { azml } from "./azml.ts";
import { startBenchEmulator } from "./emulator.ts";
import type { Figure } from "./figure.ts";
import { lastEnd } from "./last_end.ts";
import { peaksOf } from "./measure.ts";

const PIPELINES = 200;
const STEPS = 5;
const AT_MOST = 0.2;

const REASON =
  "the service's list names few jobs a page; the next gain: larger batches of the calls behind it.";

/** How many requests a record takes when neither metrics nor files are asked for. */
export async function calls(folder: string): Promise<Figure> {
  const emulator = await startBenchEmulator(
    `${folder}/calls`,
    ...["--pipelines", `${PIPELINES}`, "--steps", `${STEPS}`],
  );
  try {
    const output = `${folder}/calls.ndjson`;
    const words = ["extract", "--source", emulator.source, "--no-artifacts", "--metrics", "none"];
    await peaksOf([azml(...words)], { output }, emulator.env);
    const { calls, jobs } = await lastEnd(output);
    if (jobs !== PIPELINES * (STEPS + 1)) throw new Error(`${jobs} records came`);
    return {
      what:
        `extract --no-artifacts --metrics none: calls per record, ${PIPELINES} pipelines of ${STEPS} steps`,
      measured: `${(calls / jobs).toFixed(3)} (${calls} calls, ${jobs} records)`,
      goal: `at most ${AT_MOST}`,
      met: calls / jobs <= AT_MOST,
      reason: REASON,
    };
  } finally {
    await emulator.stop();
  }
}
