import { azml } from "./azml.ts";
import { type Figure, median, unmeasured } from "./figure.ts";
import { timed } from "./measure.ts";
import { writeJobs } from "./write_jobs.ts";

const RECORDS = 60_000;
const ROUNDS = 3;
const TIMES = 3;
const COMMANDS = [["plan", "--as", "runs"], ["filter"]] as const;

const REASON =
  "JSON.parse and JSON.stringify take two fifths of plan's time; checks, the mark that tells a repeated job from a changed " +
  "one, and hashed names a third. The next gain: writing what plan does not change (metrics, definition) as the text it " +
  "came as.";

/**
 * How many records a second of processor time `plan` and `filter` take, against `jq -c .` on the same file. All on one
 * processor, where that can be had: where two are threads of one core, each slows the other, and V8's helper threads
 * then make a second of processor time hold less work than jq's.
 */
export async function speed(folder: string): Promise<readonly Figure[]> {
  const title = (command: string) => `${command}: records per CPU second, against jq -c .`;
  const goal = `${TIMES} times`;
  if (!await runs("jq", "--version")) {
    return COMMANDS.map(([command]) => unmeasured(title(command), goal, "jq is not installed here"));
  }
  const file = `${folder}/speed.ndjson`;
  await writeJobs(file, RECORDS);
  const ratios = COMMANDS.map((): number[] => []);
  const rates = COMMANDS.map((): number[] => []);
  const pinned = await runs("taskset", "-c", "0", "true") ? ["taskset", "-c", "0"] : [];
  for (let round = 0; round < ROUNDS; round++) {
    const jq = await timed([...pinned, "jq", "-c", "."], file);
    for (const [index, command] of COMMANDS.entries()) {
      const { cpu } = await timed([...pinned, ...azml(...command)], file);
      ratios[index]?.push(jq.cpu / cpu);
      rates[index]?.push(RECORDS / cpu);
    }
  }
  return COMMANDS.map(([command], index) => {
    const ratio = median(ratios[index] ?? []);
    const rate = Math.round(median(rates[index] ?? []) / 1000);
    const measured = `${ratio.toFixed(1)} times (${rate},000 a second)`;
    return { what: title(command), measured, goal, met: ratio >= TIMES, reason: REASON };
  });
}

async function runs(command: string, ...args: readonly string[]): Promise<boolean> {
  try {
    return (await new Deno.Command(command, { args: [...args], stdout: "null", stderr: "null" }).output())
      .success;
  } catch {
    return false;
  }
}
