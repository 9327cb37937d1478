/**
 * Records the answers of real MLflow servers for the contract tests. Run by hand, once a version:
 *
 *     deno run -A tests/mlflow/record.ts <version> <path of its mlflow program> [scenario ...]
 *
 * Each kind of server is started anew on loopback in a temporary folder, asked, and stopped.
 */
import { play } from "../contract/mlflow_calls/play.ts";
import { SCENARIOS } from "../contract/mlflow_calls/mod.ts";
import type { ServerKind } from "../contract/mlflow_calls/step.ts";
import { isSince } from "./version.ts";

const KINDS: Readonly<Record<ServerKind, readonly string[]>> = {
  proxied: ["--artifacts-destination", "root", "--serve-artifacts"],
  unproxied: ["--no-serve-artifacts", "--default-artifact-root"],
  workspaces: ["--artifacts-destination", "root", "--serve-artifacts", "--enable-workspaces"],
  auth: ["--artifacts-destination", "root", "--serve-artifacts", "--app-name", "basic-auth"],
};

interface RealServer {
  readonly url: string;
  stop(): Promise<void>;
}

async function startReal(program: string, kind: ServerKind, port: number): Promise<RealServer> {
  const dir = await Deno.makeTempDir({ prefix: "azml-record-" });
  const extra = kind === "unproxied" ? [`${dir}/root`] : [];
  const args = ["server", "--backend-store-uri", `sqlite:///${dir}/db.sqlite`, "--host", "127.0.0.1"];
  const log = await Deno.open(`${dir}/log`, { create: true, write: true });
  const child = new Deno.Command("setsid", {
    args: [program, ...args, "--port", String(port), "--workers", "1", ...KINDS[kind], ...extra],
    cwd: dir,
    env: { MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false", MLFLOW_FLASK_SERVER_SECRET_KEY: "recording" },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  child.stdout.pipeTo(log.writable, { preventClose: true }).catch(() => {});
  child.stderr.pipeTo(log.writable, { preventClose: true }).catch(() => {});
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    Deno.kill(-child.pid, "SIGTERM");
    await child.status;
    await Deno.remove(dir, { recursive: true });
  };
  for (let waited = 0; waited < 240; waited++) {
    await new Promise((done) => setTimeout(done, 500));
    const answer = await fetch(`${url}/health`).catch(() => null);
    await answer?.body?.cancel();
    if (answer?.ok) return { url, stop };
  }
  const said = await Deno.readTextFile(`${dir}/log`);
  await stop();
  throw new Error(`the ${kind} server did not start: ${said.slice(-2000)}`);
}

async function record(version: string, program: string, names: readonly string[]): Promise<void> {
  const folder = new URL(`../fixtures/mlflow/${version}/`, import.meta.url);
  await Deno.mkdir(folder, { recursive: true });
  const wanted = SCENARIOS.filter(({ name, since }) =>
    (names.length === 0 || names.includes(name)) && isSince(version, since ?? "0")
  );
  for (const [index, kind] of (["proxied", "unproxied", "workspaces", "auth"] as const).entries()) {
    const scenarios = wanted.filter((scenario) => scenario.server === kind);
    if (scenarios.length === 0) continue;
    const server = await startReal(program, kind, 5710 + index).catch((error) => {
      say(`${kind}: ${error instanceof Error ? error.message : error}`);
      return null;
    });
    if (server === null) continue;
    try {
      for (const scenario of scenarios) {
        const answers = await play(server.url, scenario);
        const lines = answers.map((answer) => `  ${JSON.stringify(answer)}`).join(",\n");
        const text = `{"version": "${version}", "scenario": "${scenario.name}", "answers": [\n${lines}\n]}\n`;
        await Deno.writeTextFile(new URL(`${scenario.name}.json`, folder), text);
        say(`${version} ${scenario.name}: ${answers.length} answers`);
      }
    } finally {
      await server.stop();
    }
  }
}

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

if (import.meta.main) {
  const [version, program, ...names] = Deno.args;
  if (version === undefined || program === undefined) throw new Error("version and program are needed");
  await record(version, program, names);
}
