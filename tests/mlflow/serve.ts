import { type MlflowOptions, startMlflow } from "./start.ts";

const HELP = `deno run -A tests/mlflow/serve.ts [options]

Serves a double of an MLflow tracking server on 127.0.0.1 until it is stopped (Ctrl-C).

  --version V         the MLflow whose behaviour it has (3.17.2; 2.22.5 is the other one that was recorded)
  --port N            port (any free one)
  --prefix PATH       path before everything
  --artifacts WHICH   proxied | unproxied
  --workspaces yes    as with --enable-workspaces
  --user NAME --password WORD, or --token WORD    what it wants to see
  --runs N            generated runs
  --children N        of each N + 1 runs the first is the parent of the others (0)
  --metrics N         metrics of a run (2)
  --points N          points of a metric (20)
  --params N          params of a run (3)
  --files N           files of a run (0)
  --file-bytes N      bytes of a file (64)
  --models N          registered models with three versions each
  --latency MS        every answer waits so long
  --log FILE          request log as NDJSON, appended
`;

/** Words that take a number, and the option they set. */
const NUMBERS: Readonly<Record<string, keyof MlflowOptions>> = {
  "--port": "port",
  "--runs": "runs",
  "--children": "children",
  "--metrics": "metrics",
  "--points": "points",
  "--params": "params",
  "--files": "files",
  "--file-bytes": "fileBytes",
  "--models": "models",
  "--latency": "latency",
};

const TEXTS: ReadonlySet<string> = new Set([
  "--version",
  "--prefix",
  "--artifacts",
  "--workspaces",
  "--user",
  "--password",
  "--token",
  "--log",
]);

/** The options of a command line. Throws a message for a word that it does not know or a value that is none. */
export function readArguments(words: readonly string[]): MlflowOptions {
  const numbers: Record<string, number> = {};
  const texts: Record<string, string> = {};
  for (let index = 0; index < words.length; index += 2) {
    const [word = "", value] = words.slice(index, index + 2);
    if (value === undefined) throw new Error(`${word} needs a value`);
    const option = NUMBERS[word];
    if (option !== undefined && /^\d+$/.test(value)) numbers[option] = Number(value);
    else if (option !== undefined) throw new Error(`${word} takes a whole number`);
    else if (TEXTS.has(word)) texts[word.slice(2)] = value;
    else throw new Error(`no option ${word}`);
  }
  return { ...numbers, ...textOptions(texts) };
}

function textOptions(texts: Readonly<Record<string, string>>): MlflowOptions {
  const { version, prefix, artifacts, workspaces, user, password = "", token, log } = texts;
  if (artifacts !== undefined && artifacts !== "proxied" && artifacts !== "unproxied") {
    throw new Error("--artifacts is proxied or unproxied");
  }
  return {
    ...(version === undefined ? {} : { version }),
    ...(prefix === undefined ? {} : { prefix }),
    ...(artifacts === undefined ? {} : { artifacts }),
    ...(log === undefined ? {} : { logFile: log }),
    ...(user === undefined ? {} : { auth: { username: user, password } }),
    ...(token === undefined ? {} : { auth: { token } }),
    workspaces: workspaces === "yes",
  };
}

async function main(words: readonly string[]): Promise<void> {
  if (words.includes("--help")) return say(HELP);
  const double = await startMlflow(readArguments(words));
  say(`${double.url}\n`);
  await new Promise<void>((done) => {
    Deno.addSignalListener("SIGINT", done);
    Deno.addSignalListener("SIGTERM", done);
  });
  await double.stop();
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
