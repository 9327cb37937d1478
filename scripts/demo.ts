/**
 * The main line on a local Azure ML: starts the emulator, moves workspace `a` into the empty workspace `b` stage by
 * stage, shows what was moved, and lets `azml verify` compare the two. Leaves the records in `demo-out/`.
 */
import { startEmulator } from "../tests/emulator/start.ts";
import { PERMISSIONS } from "./permissions.ts";
import { V8_FLAGS } from "./v8_flags.ts";

const OUT = "demo-out";
interface Step {
  readonly title: string;
  readonly args: readonly string[];
  /** File in `demo-out/` that goes to stdin. */
  readonly from?: string;
  /** File in `demo-out/` that takes stdout; without it, stdout is shown. */
  readonly to?: string;
}

const STEPS: readonly Step[] = [
  {
    title: "Read the whole history of workspace a",
    args: ["extract", "--source", `${OUT}/a.json`, "--archived", "include"],
    to: "archive.ndjson",
  },
  { title: "What it holds", args: ["tree"], from: "archive.ndjson" },
  {
    title: "Plan what will be made",
    args: ["plan", "--as", "runs"],
    from: "archive.ndjson",
    to: "units.ndjson",
  },
  {
    title: "Make it in workspace b",
    args: ["submit", "--target", `${OUT}/b.json`],
    from: "units.ndjson",
    to: "receipts.ndjson",
  },
  {
    title: "Once more: a second run changes nothing",
    args: ["submit", "--target", `${OUT}/b.json`],
    from: "units.ndjson",
    to: "receipts-again.ndjson",
  },
  {
    title: "Compare both workspaces, field by field",
    args: ["verify", "--target", `${OUT}/b.json`],
    from: "archive.ndjson",
    to: "diffs.ndjson",
  },
];

const say = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(text + "\n"));

/** Runs one step as a user would, and answers its exit code. */
async function runStep(step: Step, path: string): Promise<number> {
  const files = `${step.from ? ` < ${OUT}/${step.from}` : ""}${step.to ? ` > ${OUT}/${step.to}` : ""}`;
  say(`\n# ${step.title}\n$ azml ${step.args.join(" ")}${files}`);
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", V8_FLAGS, ...PERMISSIONS, "main.ts", ...step.args],
    env: { PATH: path },
    stdin: step.from ? "piped" : "null",
    stdout: step.to ? "piped" : "inherit",
    stderr: "inherit",
  }).spawn();
  const feed = step.from ? pour(`${OUT}/${step.from}`, child.stdin) : undefined;
  const keep = step.to ? child.stdout.pipeTo((await Deno.create(`${OUT}/${step.to}`)).writable) : undefined;
  const { code } = await child.status;
  await Promise.all([feed, keep]);
  return code;
}

async function pour(file: string, into: WritableStream<Uint8Array>): Promise<void> {
  try {
    await (await Deno.open(file)).readable.pipeTo(into);
  } catch (error) {
    // A command that stopped reading says why by its exit code.
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

/** How many records of a file there are for each value of a field. */
async function tally(file: string, kind: string, field: string): Promise<string> {
  const counts = new Map<string, number>();
  for (const line of (await Deno.readTextFile(`${OUT}/${file}`)).split("\n")) {
    if (line === "") continue;
    const record = JSON.parse(line);
    if (record.kind === kind) counts.set(record[field], (counts.get(record[field]) ?? 0) + 1);
  }
  return [...counts].map(([value, n]) => `${n} ${value}`).join(", ");
}

async function main(): Promise<number> {
  const started = performance.now();
  await Deno.remove(OUT, { recursive: true }).catch(() => {});
  say("Starting a local Azure ML with two workspaces, a (the sample scenario) and b (empty) ...");
  const emulator = await startEmulator({ out: `${Deno.cwd()}/${OUT}` });
  try {
    const path = `${emulator.bin}:${Deno.env.get("PATH") ?? ""}`;
    for (const step of STEPS) {
      const code = await runStep(step, path);
      if (code !== 0) {
        say(`\nazml ${step.args[0]} ended with exit code ${code}`);
        return code;
      }
    }
    say(`\n# Summary
first submit:  ${await tally("receipts.ndjson", "receipt", "outcome")}
second submit: ${await tally("receipts-again.ndjson", "receipt", "outcome")}
verify:        ${await tally(
      "diffs.ndjson",
      "diff",
      "symbol",
    )}   (= same, * differs, + only in a, - only in b, ! unreadable)

The records are in ${OUT}/. Took ${((performance.now() - started) / 1000).toFixed(0)} s.`);
    return 0;
  } finally {
    await emulator.stop();
  }
}

if (import.meta.main) Deno.exit(await main());
