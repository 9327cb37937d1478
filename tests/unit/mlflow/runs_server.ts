import { Failure } from "../../../src/records/failure.ts";
import type { JsonObject } from "../../../src/records/json.ts";
import type { Found, Want } from "../../../src/stages/ports.ts";
import { createReaders, type RunReaders } from "../../../src/mlflow/found_runs.ts";
import { RunReads } from "../../../src/mlflow/run_reads.ts";
import type { MlflowDetails, MlflowServer } from "../../../src/mlflow/server.ts";
import { createMlflowSource } from "../../../src/mlflow/source.ts";
import { addressOf } from "../../../src/wire/address.ts";
import { parseServiceJson } from "../../../src/wire/service_json.ts";
import type { Route } from "../../../src/wire/wire.ts";

/** A run of the fake, with whole histories. */
export interface FakeRun {
  readonly id: string;
  readonly experiment?: string;
  readonly start: number;
  readonly parent?: string;
  readonly deleted?: boolean;
  /** `[timestamp, step, value]` as MLflow holds them, by key. */
  readonly metrics?: Readonly<
    Record<string, readonly (readonly [number, number | string, number | string])[]>
  >;
  /** Paths below the run; a size of null is left out of the listing, as MLflow does for 0. */
  readonly files?: Readonly<Record<string, number | null>>;
}

/** The answers of MLflow 2.22.5 and 3.17.2, as they were recorded on 2026-11-25, for runs, histories and files. */
export class RunsServer implements AsyncDisposable {
  readonly asked: string[] = [];
  /** Longest request line that came in. */
  longest = 0;
  /** Runs that have gone since they were listed. */
  readonly gone = new Set<string>();
  /** Answers in place of the usual ones, by path. */
  readonly instead = new Map<string, (url: URL, body: JsonObject) => Response | null>();
  readonly #runs: readonly FakeRun[];
  readonly #experiments: Readonly<Record<string, string>>;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor(runs: readonly FakeRun[], experiments: Readonly<Record<string, string>> = { "1": "one" }) {
    this.#runs = [...runs].sort((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1));
    this.#experiments = experiments;
    this.#server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
      const url = new URL(request.url);
      this.longest = Math.max(this.longest, `GET ${url.pathname}${url.search} HTTP/1.1`.length);
      const body = request.method === "POST" ? await request.json() : {};
      this.asked.push(url.pathname.replace(/^.*\/2\.0\/mlflow\//, ""));
      return this.instead.get(this.asked.at(-1) ?? "")?.(url, body) ?? this.#answer(url, body);
    });
  }

  get face(): MlflowServer {
    const address = `http://127.0.0.1:${this.#server.addr.port}`;
    const refuse = () => Promise.reject(new Error("only the server itself is spoken to"));
    return {
      id: "mlflow+http://fake",
      address,
      abilities: { version: [2, 22, 5], loggedModels: false, workspaces: false },
      wire: { send: refuse, open: refuse, trust: () => {}, calls: () => this.asked.length },
      async send(route, details) {
        const response = await ask(address, route, details);
        return { ...headOf(response), body: parseServiceJson(await response.text()) };
      },
      async open(route, details) {
        const response = await ask(address, route, details);
        return { ...headOf(response), body: response.body ?? new ReadableStream() };
      },
    };
  }

  source(signal = new AbortController().signal) {
    const log = { debug() {}, info() {}, warn() {}, error() {}, progress() {} };
    return createMlflowSource(this.face, { concurrency: 4, log, signal });
  }

  readers(): RunReaders {
    const log = { debug() {}, info() {}, warn() {}, error() {}, progress() {} };
    return createReaders(
      new RunReads(this.face, { concurrency: 4, log, signal: new AbortController().signal }),
    );
  }

  async jobs(want: Partial<Want> = {}): Promise<Found[]> {
    const all = {
      include: null,
      archived: "exclude" as const,
      keep: () => true,
      maxDepth: null,
      limit: null,
    };
    return (await Array.fromAsync(this.source().jobs({ ...all, ...want }))).flat();
  }

  async [Symbol.asyncDispose]() {
    await this.#server.shutdown();
  }

  #answer(url: URL, body: JsonObject): Response {
    const query = url.searchParams;
    const run = this.#runs.find(({ id }) => id === (query.get("run_id") ?? query.get("run_uuid")));
    const there = run !== undefined && !this.gone.has(run.id);
    switch (this.asked.at(-1)) {
      case "experiments/search":
        return Response.json({
          experiments: Object.entries(this.#experiments).map(([experiment_id, name]) => ({
            experiment_id,
            name,
          })),
        });
      case "runs/search":
        return Response.json(this.#search(body));
      case "runs/get":
        return there ? Response.json({ run: answered(run) }) : absent();
      case "metrics/get-history":
        return listOf(there ? pointsOf(run, query.get("metric_key") ?? "") : []);
      case "metrics/get-history-bulk":
        return listOf(this.#bulk(query));
      case "artifacts/list":
        return there ? Response.json(folderOf(run, query.get("path") ?? "")) : absent();
      default:
        return new Response(new Uint8Array(run?.files?.[query.get("path") ?? ""] ?? 0));
    }
  }

  /** In order of run ids, then time, step and value; cut off at 25,000 without a word. */
  #bulk(query: URLSearchParams): string[] {
    const ids = query.getAll("run_id").sort();
    return ids.flatMap((id) => {
      const run = this.#runs.find((one) => one.id === id);
      return run === undefined || this.gone.has(id) ? [] : pointsOf(run, query.get("metric_key") ?? "", id);
    }).slice(0, 25_000);
  }

  #search(body: JsonObject): JsonObject {
    const filter = String(body["filter"] ?? "");
    const ids = /IN \((.*)\)/.exec(filter)?.[1]?.split(", ").map((text) => text.slice(1, -1));
    const parent = /= '(.*)'/.exec(filter)?.[1];
    const view = body["run_view_type"];
    const fits = this.#runs.filter((run) =>
      !this.gone.has(run.id) && Array.isArray(body["experiment_ids"]) &&
      body["experiment_ids"].includes(run.experiment ?? "1") &&
      (view === "ALL" || (run.deleted ?? false) === (view === "DELETED_ONLY")) &&
      (ids?.includes(run.id) ?? true) && (parent === undefined || run.parent === parent) &&
      (!filter.includes("LIKE") || run.parent !== undefined)
    );
    const from = Number(body["page_token"] ?? 0);
    const to = from + Number(body["max_results"]);
    return {
      runs: fits.slice(from, to).map(answered),
      ...(to < fits.length ? { next_page_token: String(to) } : {}),
    };
  }
}

function answered(run: FakeRun): JsonObject {
  const metrics = Object.entries(run.metrics ?? {}).map(([key, points]) => {
    const [timestamp = 0, step = 0, value = 0] = points.at(-1) ?? [];
    return { key, value, timestamp, step };
  });
  const tags = [{ key: "mlflow.runName", value: `name of ${run.id}` }];
  if (run.parent !== undefined) tags.push({ key: "mlflow.parentRunId", value: run.parent });
  return {
    info: {
      run_id: run.id,
      experiment_id: run.experiment ?? "1",
      run_name: `name of ${run.id}`,
      user_id: "ann",
      status: "FINISHED",
      start_time: run.start,
      lifecycle_stage: run.deleted ? "deleted" : "active",
    },
    data: { ...(metrics.length > 0 ? { metrics } : {}), tags },
    inputs: {},
  };
}

function pointsOf({ metrics }: FakeRun, key: string, run?: string): string[] {
  return (metrics?.[key] ?? []).map(([timestamp, step, value]) =>
    `{"key":${JSON.stringify(key)},${run === undefined ? "" : `"run_id":"${run}",`}"step":${step},` +
    `"timestamp":${timestamp},"value":${value}}`
  );
}

/** A run without points is answered with `{}`, whether it is there or not. */
function listOf(points: readonly string[]): Response {
  return new Response(points.length === 0 ? "{}" : `{"metrics":[${points.join(",")}]}`);
}

function folderOf({ files = {} }: FakeRun, folder: string): JsonObject {
  const before = folder === "" ? "" : `${folder}/`;
  const entries = new Map<string, JsonObject>();
  for (const [path, size] of Object.entries(files)) {
    if (!path.startsWith(before)) continue;
    const [name = "", ...more] = path.slice(before.length).split("/");
    const here = before + name;
    if (more.length > 0) entries.set(here, { path: here, is_dir: true });
    else entries.set(here, { path: here, is_dir: false, ...(size === null ? {} : { file_size: size }) });
  }
  return { root_uri: "mlflow-artifacts:/1/r/artifacts", files: [...entries.values()] };
}

function absent(): Response {
  return Response.json({ error_code: "RESOURCE_DOES_NOT_EXIST", message: "Run not found" }, { status: 404 });
}

async function ask(address: string, route: Route, details: MlflowDetails = {}): Promise<Response> {
  const { body, ...rest } = details;
  const response = await fetch(addressOf({ ...rest, route, base: address }), {
    method: route.method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (response.ok) return response;
  const text = await response.text();
  const code = text.startsWith("{") ? JSON.parse(text).error_code : "http";
  const { status } = response;
  throw new Failure(`answered ${status} ${code}`, {
    code,
    reach: "record",
    retryable: status >= 500,
    status,
  });
}

function headOf({ status, headers }: Response) {
  return { status, headers: new Map(headers), requestId: null };
}
