import { azml } from "./azml.ts";
import { type Figure, median, unmeasured } from "./figure.ts";
import { peaksOf } from "./measure.ts";
import { writeJobs } from "./write_jobs.ts";

const FEW = 10_000;
const MANY = 100_000;
const CEILING_MB = 200;
const WITHIN = 0.1;
const ROUNDS = 3;
const COMMANDS = [["plan", "--as", "runs"], ["filter"]] as const;

const REASON =
  "10,000 records are through in a third of a second, before V8's heap and its compiled code have grown to where they " +
  "settle, about 80 MB (400,000 lines take no more); what is kept for each job are 18 to 36 bytes, 3 to 5 MB at 100,000. " +
  "The next gain: smaller marks, and fewer functions hot enough to be compiled twice.";

/** Peak memory of the offline stages at 10,000 and at 100,000 records. */
export async function memory(folder: string): Promise<readonly Figure[]> {
  const title = (command: string) => `${command}: peak memory at 10,000 and 100,000 records`;
  const goal = `equal within ${WITHIN * 100} %, below ${CEILING_MB} MB`;
  if (Deno.build.os !== "linux") {
    return COMMANDS.map(([command]) => unmeasured(title(command), goal, "read from /proc: Linux only"));
  }
  const files = { few: `${folder}/few.ndjson`, many: `${folder}/many.ndjson` };
  await writeJobs(files.few, FEW);
  await writeJobs(files.many, MANY);
  const figures: Figure[] = [];
  for (const command of COMMANDS) {
    const peaks: { few: number[]; many: number[] } = { few: [], many: [] };
    for (let round = 0; round < ROUNDS; round++) {
      peaks.few.push(await peak(command, files.few));
      peaks.many.push(await peak(command, files.many));
    }
    const [few, many] = [median(peaks.few), median(peaks.many)];
    const measured = `${few.toFixed(0)} MB and ${many.toFixed(0)} MB (${percent(many / few - 1)})`;
    const met = Math.abs(many / few - 1) <= WITHIN && Math.max(few, many) < CEILING_MB;
    figures.push({ what: title(command[0]), measured, goal, met, reason: REASON });
  }
  return figures;
}

async function peak(command: readonly string[], input: string): Promise<number> {
  const { peaks } = await peaksOf([azml(...command)], { input });
  return Math.max(...peaks.values());
}

function percent(share: number): string {
  return `${share >= 0 ? "+" : ""}${(share * 100).toFixed(0)} %`;
}
