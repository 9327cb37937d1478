import { copyBundle, denoRun } from "./azml.ts";
import { type Figure, median } from "./figure.ts";
import { timed } from "./measure.ts";

const ROUNDS = 41;
const AT_MOST = 1.6;

const REASON =
  "14 chunks with 64 KB of JavaScript are read, of which @stricli/core is 47 KB; the next gain: fewer and smaller chunks " +
  "on the way to --version, and the help texts of commands that were not asked for.";

/**
 * Wall time of `azml --version` against an empty program, both run by Deno with the same flags from a folder of their
 * own: below this repository Deno would also read its `deno.json` and lock file.
 */
export async function startUp(folder: string): Promise<Figure> {
  await copyBundle(`${folder}/bundle`);
  const empty = `${folder}/bundle/empty.js`;
  await Deno.writeTextFile(empty, "");
  const commands = [denoRun(`${folder}/bundle/main.js`, "--version"), denoRun(empty)];
  // The first runs of each fill Deno's caches.
  for (const command of [...commands, ...commands]) await timed(command);
  const walls = commands.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, command] of commands.entries()) walls[index]?.push((await timed(command)).wall);
  }
  const [version = NaN, nothing = NaN] = walls.map(median);
  const ratio = version / nothing;
  return {
    what: "start-up: azml --version, against an empty Deno program",
    measured: `${ratio.toFixed(2)} times (${ms(version)} against ${ms(nothing)})`,
    goal: `at most ${AT_MOST} times`,
    met: ratio <= AT_MOST,
    reason: REASON,
  };
}

function ms(seconds: number): string {
  return `${Math.round(seconds * 1000)} ms`;
}
