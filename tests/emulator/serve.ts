import type { Generator } from "./scenario/schema.ts";
import { type EmulatorOptions, startEmulator } from "./start.ts";

const HELP = `deno task emulator [options]

Serves a local Azure ML on 127.0.0.1 until it is stopped (Ctrl-C).

  --scenario FILE     what is in it; the sample scenario when absent
  --jobs N            N generated command jobs in workspace a (without --scenario: nothing else)
  --points N          points of the metric of each generated job (20)
  --files N           files of each generated job (3)
  --pipelines N       N generated pipelines
  --steps N           steps of each generated pipeline (5)
  --big-metric N      one more job, with a metric of N points
  --port N            port (any free one)
  --out DIR           folder for config files, stand-in az and CA (a temporary one, removed at the end)
  --latency MS        every answer waits so long
  --page-size N       items a page of the ARM lists
  --log FILE          request log as NDJSON, appended
`;

/** Words of the command line that take a number, and where they go. */
const NUMBERS: Readonly<Record<string, (given: Given, value: number) => void>> = {
  "--jobs": (given, value) => given.generate.jobs = value,
  "--points": (given, value) => given.generate.points = value,
  "--files": (given, value) => given.generate.files = value,
  "--pipelines": (given, value) => given.generate.pipelines = value,
  "--steps": (given, value) => given.generate.steps = value,
  "--big-metric": (given, value) => given.generate.big_metric = value,
  "--port": (given, value) => given.port = value,
  "--latency": (given, value) => given.settings.latencyMs = value,
  "--page-size": (given, value) => given.settings.armPageSize = value,
};

const TEXTS: Readonly<Record<string, (given: Given, value: string) => void>> = {
  "--scenario": (given, value) => given.scenario = value,
  "--out": (given, value) => given.out = value,
  "--log": (given, value) => given.logFile = value,
};

interface Given {
  generate: Generator;
  settings: { latencyMs?: number; armPageSize?: number };
  port?: number;
  scenario?: string;
  out?: string;
  logFile?: string;
}

/** The options of a command line. Throws a message for a word that it does not know or a value that is none. */
export function readArguments(words: readonly string[]): EmulatorOptions {
  const given: Given = { generate: {}, settings: {} };
  for (let index = 0; index < words.length; index += 2) {
    const [word = "", value] = words.slice(index, index + 2);
    if (value === undefined) throw new Error(`${word} needs a value`);
    const number = NUMBERS[word];
    const text = TEXTS[word];
    if (number !== undefined && /^\d+$/.test(value)) number(given, Number(value));
    else if (text !== undefined) text(given, value);
    else throw new Error(number === undefined ? `no option ${word}` : `${word} takes a whole number`);
  }
  const { generate, ...rest } = given;
  return Object.keys(generate).length === 0 ? rest : { ...rest, generate };
}

async function main(words: readonly string[]): Promise<void> {
  if (words.includes("--help")) return say(HELP);
  const emulator = await startEmulator(readArguments(words));
  say(`The emulator serves on ${emulator.url} (https on the same port).

  source: ${emulator.configs.a}
  target: ${emulator.configs.b}
  CA:     ${emulator.ca}

Sign-in goes through a stand-in for Azure's command line; put it first in PATH:

  export PATH="${emulator.bin}:$PATH"

Stop it with Ctrl-C.
`);
  await new Promise<void>((done) => {
    Deno.addSignalListener("SIGINT", done);
    Deno.addSignalListener("SIGTERM", done);
  });
  await emulator.stop();
}

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}

if (import.meta.main) {
  try {
    await main(Deno.args);
  } catch (error) {
    Deno.stderr.writeSync(new TextEncoder().encode(`${error instanceof Error ? error.message : error}\n`));
    Deno.exit(2);
  }
}
