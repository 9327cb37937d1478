import { type Call } from "../../tests/interop/access_log.ts";
import { Python } from "../../tests/interop/python.ts";
import { Server, type ServerKind } from "../../tests/interop/server.ts";
import { azml } from "./azml.ts";
import { type Figure } from "./figure.ts";
import { peaksOf } from "./measure.ts";

const RUNS = 200;
const EXPERIMENT = "many";

/** As `mlflow server` starts when it is told nothing about its processes. */
const SERVER: ServerKind = { release: 2, artifacts: "proxied", workers: 4 };

/** How much faster than the peer at least, and at most how many calls a run; the calls that move bytes counted in. */
const GOALS = { export: { faster: 12, calls: 3.1 }, import: { faster: 5, calls: 5 } } as const;

/** What one command took. */
interface Took {
  readonly seconds: number;
  readonly calls: readonly Call[];
}

/** Export and import of 200 small runs against mlflow-export-import 1.2.0, on the same two servers, one after the other. */
export async function mlflow(folder: string): Promise<readonly Figure[]> {
  await using source = await Server.start({ ...SERVER, scene: "two-hundred" });
  await using target = await Server.start(SERVER);
  const archive = `${folder}/mlflow.ndjson`;
  const ours = {
    export: await took(source, () => run(azml("extract", "--source", source.url), { output: archive })),
    import: await took(
      target,
      () =>
        run(azml("submit", "--source", source.url, "--target", target.url, "--experiment-prefix", "azml-"), {
          input: archive,
        }),
    ),
  };
  const theirs = await peer(source, target, folder);
  await assertSameCount(target);
  return (["export", "import"] as const).map((way) => figure(way, ours[way], theirs[way]));
}

function run(command: readonly string[], files: { readonly input?: string; readonly output?: string }) {
  return peaksOf([command], files);
}

/** The peer does the same on the same servers. */
async function peer(source: Server, target: Server, folder: string) {
  const python = await Python.ready();
  const place = `${folder}/peer`;
  const command = async (server: Server, module: string, ...words: readonly string[]) => {
    const { success, stderr } = await new Deno.Command(python.executable, {
      args: ["-m", `mlflow_export_import.experiment.${module}`, ...words],
      env: { ...await python.environment(2, "peer"), MLFLOW_TRACKING_URI: server.url },
      cwd: folder,
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).output();
    if (!success) throw new Error(`${module}: ${new TextDecoder().decode(stderr)}`);
  };
  await python.environment(2, "peer");
  return {
    export: await took(
      source,
      () => command(source, "export_experiment", "--experiment", EXPERIMENT, "--output-dir", place),
    ),
    import: await took(
      target,
      () =>
        command(target, "import_experiment", "--experiment-name", `peer-${EXPERIMENT}`, "--input-dir", place),
    ),
  };
}

async function took(server: Server, work: () => Promise<unknown>): Promise<Took> {
  await server.forget();
  const started = performance.now();
  await work();
  return { seconds: (performance.now() - started) / 1000, calls: await server.calls() };
}

/** Throws unless the target holds all runs twice: from azml and from the peer. */
async function assertSameCount(target: Server): Promise<void> {
  for (const name of [`azml-${EXPERIMENT}`, `peer-${EXPERIMENT}`]) {
    const query = new URLSearchParams({ experiment_name: name });
    const found = await ask(target, `experiments/get-by-name?${query}`);
    const { experiment } = fieldsOf(found);
    const body = { experiment_ids: [fieldsOf(experiment)["experiment_id"]], max_results: 1000 };
    const { runs } = fieldsOf(await ask(target, "runs/search", body));
    const count = Array.isArray(runs) ? runs.length : 0;
    if (count !== RUNS) throw new Error(`${name} has ${count} runs`);
  }
}

async function ask(server: Server, path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(`${server.url}/api/2.0/mlflow/${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return await answer.json();
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function figure(way: "export" | "import", ours: Took, theirs: Took): Figure {
  const { faster, calls } = GOALS[way];
  const ratio = theirs.seconds / ours.seconds;
  const perRun = ours.calls.length / RUNS;
  return {
    what: `${way} of ${RUNS} small runs of MLflow 2.22 against mlflow-export-import 1.2.0`,
    measured:
      `${ratio.toFixed(1)} times faster (${ours.seconds.toFixed(1)} s, ${theirs.seconds.toFixed(1)} s), ` +
      `${perRun.toFixed(2)} calls a run (${ours.calls.length}, ${theirs.calls.length})`,
    goal: `${faster} times, at most ${calls} calls with that for the file`,
    met: ratio >= faster && perRun <= calls,
    reason: "two processors serve the server and the client here; the next gain: fewer calls for the same.",
  };
}
