import type { BlobContainer, BlobItem, ReadableStore } from "../../../src/blob/container.ts";
import type { Workspace } from "../../../src/azure/workspace.ts";
import { createAzureTarget } from "../../../src/azure/target.ts";
import { Failure } from "../../../src/records/failure.ts";
import type { JsonObject, JsonValue } from "../../../src/records/json.ts";
import type { UnitRecord } from "../../../src/records/unit.ts";
import type { Log } from "../../../src/stages/ports.ts";
import { ROUTES } from "../../../src/wire/routes.ts";
import type { Answer, Route, Wire, WireRequest } from "../../../src/wire/wire.ts";

/** One request as it was sent. */
export interface Sent {
  /** Name in the table of routes, e.g. `history.patchRunByName`. */
  readonly name: string;
  readonly vars: Readonly<Record<string, string>>;
  readonly body: JsonValue;
}

const NAMES = new Map<Route, string>(
  Object.entries(ROUTES).flatMap(([group, routes]) =>
    Object.entries(routes).map(([name, route]): [Route, string] => [route, `${group}.${name}`])
  ),
);

/** What a test changes of the service's behaviour: by name of a route, an answer or a thrown failure. */
export type Twist = (sent: Sent, usual: () => Answer) => Answer | undefined;

/** An answer of a fake. */
export function answer(status: number, body: JsonValue = null, headers: Record<string, string> = {}): Answer {
  return { status, body, headers: new Map(Object.entries(headers)), requestId: null };
}

/** A service's refusal with its usual envelope. */
export function refusal(message: string, code = "UserError"): JsonObject {
  return { error: { code, message, innerError: null } };
}

/** What `Wire` throws when no reply came. */
export function lost(): Failure {
  return new Failure("no reply", { code: "reply_lost", reach: "record", retryable: true });
}

/** Run history, metrics and artifacts in memory, behind a `Wire`: just enough of Azure ML to write to. */
export class FakeService {
  readonly sent: Sent[] = [];
  readonly runs = new Map<string, JsonObject>();
  readonly experiments = new Map<string, string>();
  readonly metrics = new Map<string, JsonObject[]>();
  readonly registered = new Map<string, Set<string>>();
  /** How past times get in. */
  backdate: "fields" | "events" | "none" = "fields";
  pageSize = 100;
  twist: Twist = () => undefined;

  readonly wire: Wire = {
    calls: () => this.sent.length,
    trust: () => {},
    open: () => Promise.reject(new Error("a workspace is not read as a stream")),
    send: (request) => Promise.resolve().then(() => this.#answer(request)),
  };

  names(): string[] {
    return this.sent.map(({ name }) => name);
  }

  /** Bodies of the requests of one route. */
  bodies(name: string): JsonValue[] {
    return this.sent.filter((sent) => sent.name === name).map(({ body }) => body);
  }

  /** Rows of a metric as `[step, createdUtc, value of the first column]`. */
  rows(run: string, metric: string): JsonValue[][] {
    return (this.metrics.get(`${run}/${metric}`) ?? []).map((row) => {
      const { step = null, createdUtc = null, data } = row;
      return [step, createdUtc, Object.values(data as JsonObject)[0] ?? null]; // rows are made below, with `data`
    });
  }

  #answer(request: WireRequest): Answer {
    const name = NAMES.get(request.route) ?? "?";
    const sent: Sent = { name, vars: request.vars ?? {}, body: structuredClone(request.body ?? null) };
    this.sent.push(sent);
    const given = this.twist(sent, () => this.#usual(sent)) ?? this.#usual(sent);
    if (given.status < 300 || request.accept?.includes(given.status)) return given;
    throw new Failure(`${name} answered ${given.status}`, {
      code: `http_${given.status}`,
      reach: "record",
      retryable: given.status >= 500,
      status: given.status,
    });
  }

  #usual(sent: Sent): Answer {
    // Bodies of writes are objects: the code under test makes them.
    const body = (sent.body ?? {}) as JsonObject;
    const { runId = "", experiment = "", container = "" } = sent.vars;
    switch (sent.name) {
      case "history.batchRunData":
        return this.#lookUp(body);
      case "history.run":
        return this.runs.has(runId) ? answer(200, this.runs.get(runId)) : answer(404);
      case "history.experiment":
        return this.experiments.has(experiment)
          ? answer(200, { experimentId: this.experiments.get(experiment) ?? "" })
          : answer(404);
      case "history.createExperiment":
        this.experiments.set(experiment, `id of ${experiment}`);
        return answer(200, { experimentId: `id of ${experiment}` });
      case "history.patchRunByName":
        if (this.#breaksProperty(runId, body)) return answer(400, refusal("immutable", "ImmutableError"));
        return answer(
          200,
          this.#patch(runId, { ...body, experimentId: this.experiments.get(experiment) ?? "" }),
        );
      case "history.patchRun":
        if (this.#breaksProperty(runId, body)) return answer(400, refusal("immutable", "ImmutableError"));
        return answer(200, this.#patch(runId, body));
      case "history.modifyRun":
        return answer(200, this.#patch(runId, body));
      case "history.runEvent":
        return answer(200, this.#event(runId, body));
      case "history.waitForMetrics":
      case "history.waitForMetricsAt":
        return answer(200);
      case "metric.batchSync":
      case "metric.batch":
        return answer(200, this.#log(runId, body));
      case "metric.list":
        return answer(200, { value: this.#listed(runId) });
      case "metric.full":
        return answer(200, this.#full(runId, body));
      case "artifact.batchMetadata":
        return answer(200, this.#register(container, body));
      case "artifact.list":
        return answer(200, { value: [...this.registered.get(container) ?? []].map((path) => ({ path })) });
      default:
        throw new Error(`the fake has no ${sent.name}`);
    }
  }

  #lookUp(body: JsonObject): Answer {
    const successfulResults: JsonObject = {};
    const failedResults: JsonObject = {};
    for (const key of Object.keys(body.requests as JsonObject)) { // made by the code under test
      const run = this.runs.get(key);
      if (run !== undefined) successfulResults[key] = { runMetadata: run };
      else failedResults[key] = { ...refusal("not found"), statusCode: 404 };
    }
    return answer(200, { successfulResults, failedResults });
  }

  /** Properties never change once they are set. */
  #breaksProperty(runId: string, body: JsonObject): boolean {
    const held = this.runs.get(runId)?.properties as JsonObject | undefined; // a map of strings
    const added = Object.entries((body.properties ?? {}) as JsonObject); // made by the code under test
    return held !== undefined && added.some(([key, value]) => key in held && held[key] !== value);
  }

  #patch(runId: string, body: JsonObject): JsonObject {
    const { startTimeUtc, endTimeUtc, ...rest } = body;
    const held = this.runs.get(runId) ??
      { runId, dataContainerId: `dcid.${runId}`, parentRunId: null, hidden: false };
    const run: JsonObject = { ...held, ...rest };
    for (const bag of ["tags", "parameters", "properties"]) {
      run[bag] = { ...held[bag] as JsonObject | undefined, ...rest[bag] as JsonObject | undefined }; // maps of strings
    }
    if (this.backdate === "fields") {
      run.startTimeUtc = startTimeUtc ?? held.startTimeUtc ?? null;
      run.endTimeUtc = endTimeUtc ?? held.endTimeUtc ?? null;
    } else {
      run.startTimeUtc = held.startTimeUtc ?? "2026-01-01T00:00:00Z";
      if (run.status === "Completed") run.endTimeUtc = held.endTimeUtc ?? "2026-01-01T00:00:01Z";
    }
    this.runs.set(runId, run);
    return run;
  }

  #event(runId: string, body: JsonObject): JsonValue {
    const run = this.runs.get(runId) ?? {};
    const data = body.data as JsonObject; // made by the code under test
    if (this.backdate === "events") {
      if (data.StartTime !== undefined) run.startTimeUtc = data.StartTime;
      if (data.EndTime !== undefined) run.endTimeUtc = data.EndTime;
    }
    return null;
  }

  #log(runId: string, body: JsonObject): JsonValue {
    for (const metric of body.values as JsonObject[]) { // made by the code under test
      const key = metricKey(runId, metric.name, metric.namespace);
      const rows = this.metrics.get(key) ?? [];
      rows.push(...metric.value as JsonObject[]);
      this.metrics.set(key, rows);
    }
    return { errors: [] };
  }

  #listed(runId: string): JsonObject[] {
    const keys = [...this.metrics.keys()].filter((key) => key.startsWith(`${runId}/`));
    return keys.map((key) => {
      const [name = "", namespace = null] = key.slice(runId.length + 1).split("\n");
      return { metricKey: { name, namespace } };
    });
  }

  #full(runId: string, body: JsonObject): JsonObject {
    const start = Number(body.continuationToken ?? 0);
    const rows = this.metrics.get(metricKey(runId, body.metricName, body.metricNamespace)) ?? [];
    const next = start + this.pageSize;
    return {
      name: body.metricName ?? null,
      value: rows.slice(start, next),
      continuationToken: next < rows.length ? String(next) : null,
    };
  }

  #register(container: string, body: JsonObject): JsonObject {
    const paths = this.registered.get(container) ?? new Set<string>();
    this.registered.set(container, paths);
    const artifacts: JsonObject = {};
    for (const { path } of body.paths as { path: string }[]) { // made by the code under test
      paths.add(path);
      artifacts[path] = {
        path,
        dataPath: {
          dataStoreName: "workspaceartifactstore",
          relativePath: `ExperimentRun/${container}/${path}`,
        },
      };
    }
    return { artifacts, artifactContentInformation: {}, errors: {} };
  }
}

function metricKey(runId: string, name: JsonValue | undefined, namespace: JsonValue | undefined): string {
  return `${runId}/${String(name)}${namespace ? `\n${String(namespace)}` : ""}`;
}

/** A container in memory; `copies` tells what was copied into it. */
export class FakeContainer implements BlobContainer {
  readonly endpoint = "https://acct.blob.core.windows.net";
  readonly name = "azureml";
  readonly blobs = new Map<string, BlobItem & { text: string }>();
  readonly copies: string[] = [];

  fill(name: string, text: string, md5: string | null = `md5 of ${text}`): void {
    this.blobs.set(name, { name, size: text.length, md5, contentType: "text/plain", text });
  }
  async *list(prefix: string): AsyncGenerator<readonly BlobItem[]> {
    yield await Promise.resolve([...this.blobs.values()].filter(({ name }) => name.startsWith(prefix)));
  }
  head(name: string): Promise<BlobItem | null> {
    return Promise.resolve(this.blobs.get(name) ?? null);
  }
  read(name: string): Promise<ReadableStream<Uint8Array>> {
    return Promise.resolve(ReadableStream.from([new TextEncoder().encode(this.blobs.get(name)?.text)]));
  }
  copySource(name: string): Promise<{ url: string }> {
    return Promise.resolve({ url: `${this.endpoint}/${name}` });
  }
  put(name: string, content: Uint8Array): Promise<void> {
    this.fill(name, new TextDecoder().decode(content));
    return Promise.resolve();
  }
  async copyFrom(
    name: string,
    from: { readonly container: ReadableStore; readonly name: string },
  ): Promise<{ bytes: number }> {
    const found = await from.container.head(from.name);
    if (found === null) {
      throw new Failure(`${from.name} is not there`, {
        code: "BlobNotFound",
        reach: "record",
        retryable: false,
      });
    }
    this.copies.push(name);
    this.blobs.set(name, {
      ...found,
      name,
      text: await new Response(await from.container.read(from.name)).text(),
    });
    return { bytes: found.size };
  }
}

/** A log that keeps nothing. */
export const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, progress() {} };

/** A target on a fake service, with a store to copy from. */
export function fakeTarget(
  options: { copyArtifacts?: boolean; dryRun?: boolean; signal?: AbortSignal } = {},
) {
  const service = new FakeService();
  const container = new FakeContainer();
  const store = new FakeContainer();
  const waits: number[] = [];
  const workspace: Workspace = {
    id: "azureml://subscriptions/s/resourceGroups/rg/workspaces/b",
    names: { subscription: "s", resourceGroup: "rg", workspace: "b" },
    armPath: "/subscriptions/s",
    arm: "http://arm",
    api: "http://api",
    tenant: null,
    wire: service.wire,
    datastore: () => Promise.reject(new Error("not asked")),
    defaultDatastore: () => Promise.resolve("workspaceblobstore"),
    container: () => Promise.resolve(container),
    bytes: () => 0,
  };
  const target = createAzureTarget(workspace, {
    stores: () => Promise.resolve(store),
    copyArtifacts: options.copyArtifacts ?? true,
    dryRun: options.dryRun ?? false,
    concurrency: 2,
    log: silent,
    signal: options.signal ?? new AbortController().signal,
    clock: {
      now: () => waits.reduce((sum, ms) => sum + ms, 0),
      random: () => 0,
      sleep: (ms) => Promise.resolve(void waits.push(ms)),
    },
  });
  return { service, container, store, waits, workspace, target };
}

/** A unit of a finished run. */
export function unit(changes: Partial<UnitRecord> = {}): UnitRecord {
  return {
    kind: "unit",
    v: 1,
    id: "job-1-aaaa",
    origin: { source: "azureml://a", id: "job-1", parent: null, root: "job-1", depth: 0 },
    as: "runs",
    for: "azureml",
    role: "run",
    target_name: "job-1-aaaa",
    parent_target: null,
    experiment: "churn",
    display_name: "first",
    description: "a run",
    archived: false,
    status: "Completed",
    times: {
      created: "2024-01-01T00:00:00Z",
      started: "2024-01-01T00:00:01.1234567Z",
      ended: "2024-01-01T01:00:00Z",
    },
    tags: { azml_source: "azureml://a", original_job_id: "job-1", mine: "x" },
    params: { lr: "0.1" },
    ...changes,
  };
}
