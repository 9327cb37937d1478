import { type MlflowDouble, type MlflowOptions, startMlflow } from "../mlflow/start.ts";
import { Shell, type ShellRun } from "./shell.ts";

type Body = Readonly<Record<string, unknown>>;

/** Speaks to a server as MLflow's own client does, to fill it and to look at what arrived. */
export class MlflowApi {
  constructor(readonly url: string) {}

  /** One request below `/api/2.0/mlflow`; throws when the server refuses it. */
  async call(method: string, path: string, body: Body = {}): Promise<Record<string, unknown>> {
    const query = method === "GET" ? `?${new URLSearchParams(Object.entries(body).map(texts))}` : "";
    const answer = await fetch(`${this.url}/api/2.0/mlflow/${path}${query}`, {
      method,
      ...(method === "GET" ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return Object(JSON.parse(text));
  }

  async experiment(name: string, tags: Readonly<Record<string, string>> = {}): Promise<string> {
    const body = { name, tags: Object.entries(tags).map(([key, value]) => ({ key, value })) };
    return String((await this.call("POST", "experiments/create", body))["experiment_id"]);
  }

  /** Makes a run with params, metrics of `points` points, and files; ends it unless `status` is RUNNING. */
  async run(experiment: string, { name = "run", parent, points = 3, files = {}, status = "FINISHED" }: {
    readonly name?: string;
    readonly parent?: string;
    readonly points?: number;
    readonly files?: Readonly<Record<string, string>>;
    readonly status?: string;
  } = {}): Promise<string> {
    const tags = [{ key: "team", value: "x" }];
    if (parent !== undefined) tags.push({ key: "mlflow.parentRunId", value: parent });
    const made = await this.call("POST", "runs/create", {
      experiment_id: experiment,
      run_name: name,
      user_id: "ann",
      start_time: 1_700_000_000_123,
      tags,
    });
    const id = String(Object(Object(made["run"]).info).run_id);
    const metrics = Array.from(
      { length: points },
      (_, step) => ({ key: "loss", value: 1 / (step + 1), timestamp: 1_700_000_000_500 + step, step }),
    );
    await this.call("POST", "runs/log-batch", { run_id: id, metrics, params: [{ key: "lr", value: "0.1" }] });
    for (const [path, text] of Object.entries(files)) await this.file(experiment, id, path, text);
    await this.end(id, status);
    return id;
  }

  /** Puts a file through the server, as its proxy takes it. */
  async file(experiment: string, run: string, path: string, text: string): Promise<void> {
    const place = [experiment, run, "artifacts", ...path.split("/")].map(encodeURIComponent).join("/");
    const address = `${this.url}/api/2.0/mlflow-artifacts/artifacts/${place}`;
    const answer = await fetch(address, { method: "PUT", body: text });
    if (!answer.ok) throw new Error(`PUT ${path}: ${answer.status} ${await answer.text()}`);
    await answer.body?.cancel();
  }

  async end(run: string, status: string): Promise<void> {
    const end = status === "RUNNING" ? {} : { end_time: 1_700_000_009_000 };
    await this.call("POST", "runs/update", { run_id: run, status, ...end });
  }

  /** A model with versions of some runs; each alias names a version. */
  async model(name: string, versions: readonly (string | null)[], experiment: string): Promise<void> {
    await this.call("POST", "registered-models/create", { name, description: `about ${name}` });
    for (const run of versions) {
      const source = run === null
        ? "s3://bucket/elsewhere"
        : `mlflow-artifacts:/${experiment}/${run}/artifacts/model`;
      await this.call("POST", "model-versions/create", {
        name,
        source,
        ...(run === null ? {} : { run_id: run }),
      });
    }
  }
}

function texts([key, value]: [string, unknown]): [string, string] {
  return [key, String(value)];
}

/** Two servers and a folder with an `azml` on its PATH. */
export class MlflowLab implements AsyncDisposable {
  private constructor(readonly a: MlflowDouble, readonly b: MlflowDouble, readonly shell: Shell) {}

  static async start(a: MlflowOptions = {}, b: MlflowOptions = {}): Promise<MlflowLab> {
    return new MlflowLab(await startMlflow(a), await startMlflow(b), await Shell.make());
  }

  /** Runs a line in which `$A` and `$B` are the servers' addresses. */
  run(line: string): Promise<ShellRun> {
    return this.shell.run(`A=${this.a.url} B=${this.b.url}; ${line}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.a.stop(), this.b.stop()]);
    await this.shell[Symbol.asyncDispose]();
  }
}
