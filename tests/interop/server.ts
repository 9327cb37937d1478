import { type Call, callsOf } from "./access_log.ts";
import { Python, type Release } from "./python.ts";

/** How a server keeps artifacts: it moves the bytes itself, or names a folder to its clients. */
export type Artifacts = "proxied" | "unproxied";

/** Which server. */
export interface ServerKind {
  readonly release: Release;
  readonly artifacts: Artifacts;
  /** Scene of `seed.py` that it holds when it starts; nothing when absent. */
  readonly scene?: string;
  /** Processes that answer; one with a few threads when absent. MLflow's own default is 4. */
  readonly workers?: number;
}

/** Within this time a server must stand. */
const START_MS = 120_000;

/** A real `mlflow server` (SQLite) with a database of its own. */
export class Server implements AsyncDisposable {
  private constructor(
    readonly python: Python,
    readonly kind: ServerKind,
    readonly folder: string,
    readonly url: string,
    readonly child: Deno.ChildProcess,
  ) {}

  /** Starts a server; what it shall hold is seeded once and copied from then on. */
  static async start(kind: ServerKind): Promise<Server> {
    const python = await Python.ready();
    const held = await heldFolder(python, kind);
    const folder = await Deno.makeTempDir({ prefix: "azml-mlflow-" });
    for await (const { name } of Deno.readDir(held)) {
      if (name.startsWith("mlflow.db")) await Deno.copyFile(`${held}/${name}`, `${folder}/${name}`);
    }
    return await serve(python, kind, { folder, artifacts: `${held}/artifacts` });
  }

  /** Requests that it answered since the last `forget`. */
  async calls(): Promise<Call[]> {
    return callsOf(await Deno.readTextFile(`${this.folder}/log`));
  }

  /** Starts counting anew. */
  async forget(): Promise<void> {
    await Deno.truncate(`${this.folder}/log`);
  }

  /** All that it holds, as MLflow's own client tells it. */
  async readBack(): Promise<unknown> {
    return JSON.parse(await this.python.script(this.kind.release, "read_back.py", this.url));
  }

  /** Adds a scene of `seed.py`. */
  async seed(scene: string): Promise<void> {
    await this.python.script(this.kind.release, "seed.py", this.url, scene);
  }

  /** Ends the server and all that it started. */
  async stop(): Promise<void> {
    Deno.kill(-this.child.pid, "SIGKILL");
    await this.child.status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await Deno.remove(this.folder, { recursive: true });
  }

  /** Starts a process on a folder, with a new database when there is none, and waits until it stands. */
  static async serve(
    python: Python,
    kind: ServerKind,
    { folder, artifacts }: { readonly folder: string; readonly artifacts: string },
  ): Promise<Server> {
    const port = freePort();
    const words = [
      ...[
        "-m",
        "mlflow",
        "server",
        "--host",
        "127.0.0.1",
        "--port",
        `${port}`,
        "--workers",
        `${kind.workers ?? 1}`,
      ],
      ...["--backend-store-uri", `sqlite:///${folder}/mlflow.db`],
      ...kind.artifacts === "proxied"
        ? ["--serve-artifacts", "--artifacts-destination", artifacts]
        : ["--no-serve-artifacts", "--default-artifact-root", artifacts],
      ...gunicorn(kind),
    ];
    const child = new Deno.Command("bash", {
      // Appended to, so that the log can be emptied while it is written.
      args: ["-c", `exec "$@" >> log 2>&1`, "mlflow", python.executable, ...words],
      env: await python.environment(kind.release),
      cwd: folder,
      stdin: "null",
      detached: true,
    }).spawn();
    const server = new Server(python, kind, folder, `http://127.0.0.1:${port}`, child);
    await stands(server);
    return server;
  }
}

const { serve } = Server;

/** 2.x stands on gunicorn, which has to be told to write a line for each request. */
function gunicorn({ release, workers }: ServerKind): readonly string[] {
  if (release === 3) return [];
  return ["--gunicorn-opts", `--access-logfile -${workers === undefined ? " --threads 4" : ""}`];
}

/** The folder that holds a scene, made by a server of just that kind when it is not there yet. */
async function heldFolder(python: Python, kind: ServerKind): Promise<string> {
  const scene = kind.scene ?? "empty";
  const seed = await Deno.readTextFile(new URL("seed.py", import.meta.url));
  const mark = scene === "empty" ? "" : `-${await shortHash(seed)}`;
  const folder = `${python.folder}/held/${kind.release}-${kind.artifacts}-${scene}${mark}`;
  await python.exclusive(`held-${kind.release}-${kind.artifacts}-${scene}`, async () => {
    if (await exists(`${folder}/whole`)) return;
    await Deno.remove(folder, { recursive: true }).catch(() => {});
    await Deno.mkdir(`${folder}/artifacts`, { recursive: true });
    const server = await serve(python, kind, { folder, artifacts: `${folder}/artifacts` });
    try {
      if (scene !== "empty") await server.seed(scene);
    } finally {
      await server.stop();
    }
    await Deno.writeTextFile(`${folder}/whole`, "");
  });
  return folder;
}

async function stands({ url, child, folder }: Server): Promise<void> {
  const until = Date.now() + START_MS;
  let ended = false;
  child.status.then(() => ended = true);
  while (Date.now() < until && !ended) {
    const answer = await fetch(`${url}/health`).catch(() => null);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100)); // a process that starts gives no other sign
  }
  if (!ended) Deno.kill(-child.pid, "SIGKILL");
  throw new Error(`mlflow server did not stand up:\n${await Deno.readTextFile(`${folder}/log`)}`);
}

function freePort(): number {
  using probe = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return probe.addr.port;
}

async function shortHash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex().slice(0, 12);
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
