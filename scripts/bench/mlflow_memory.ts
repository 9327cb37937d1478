import { azml } from "./azml.ts";
import { type Figure, unmeasured } from "./figure.ts";
import { peaksOf } from "./measure.ts";

const CEILING_MB = 250;

const REASON =
  "what is held is bounded (histories are read in lots, a long one as a stream); the next gain: smaller lots of runs.";

/** What goes from one MLflow server to another. 2.x answers a whole history in one body. */
const LOADS = [
  { what: "20,000 runs", options: ["--runs", "20000", "--metrics", "3", "--points", "3"] },
  {
    what: "one run with 1,000,000 points",
    options: ["--runs", "1", "--metrics", "1", "--points", "1000000"],
  },
] as const;

/** Peak memory of `extract` and of `submit` between doubles of MLflow servers, with an empty `DENO_DIR`. */
export async function mlflowMemory(folder: string): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  const goal = `each below ${CEILING_MB} MB`;
  for (const { what, options } of LOADS) {
    const title = `extract, then submit, MLflow to MLflow, ${what}: peak memory, first start`;
    if (Deno.build.os !== "linux") figures.push(unmeasured(title, goal, "read from /proc: Linux only"));
    else figures.push({ what: title, goal, reason: REASON, ...await measure(folder, options) });
  }
  return figures;
}

async function measure(
  folder: string,
  options: readonly string[],
): Promise<Pick<Figure, "measured" | "met">> {
  const place = await Deno.makeTempDir({ dir: folder });
  await using source = await startDouble("--version", "2.22.5", ...options);
  await using target = await startDouble("--version", "3.17.2");
  const env = { DENO_DIR: `${place}/deno_dir` };
  await Deno.mkdir(env.DENO_DIR);
  const archive = `${place}/archive.ndjson`;
  const out = await peaksOf([azml("extract", "--source", source.url)], { output: archive }, env);
  const submit = azml("submit", "--source", source.url, "--target", target.url);
  const into = await peaksOf([submit], { input: archive }, env);
  const peaks = [...out.peaks.values(), ...into.peaks.values()];
  return {
    measured: `${peaks.map((peak) => peak.toFixed(0)).join(", ")} MB (in ${
      (out.wall + into.wall).toFixed(0)
    } s)`,
    met: peaks.length === 2 && peaks.every((peak) => peak < CEILING_MB),
  };
}

/** A double in a process of its own. */
async function startDouble(
  ...options: readonly string[]
): Promise<AsyncDisposable & { readonly url: string }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", "tests/mlflow/serve.ts", ...options],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let said = "";
  while (!/http:\/\/127\.0\.0\.1:\d+/.test(said)) {
    const { done, value } = await lines.read();
    if (done) throw new Error(`the double did not start: ${said}`);
    said += value;
  }
  const [url = ""] = /http:\/\/127\.0\.0\.1:\d+/.exec(said) ?? [];
  return {
    url,
    async [Symbol.asyncDispose]() {
      child.kill("SIGINT");
      await lines.cancel();
      await child.status;
    },
  };
}
