import type { Datastore, Workspace } from "../../../src/azure/workspace.ts";
import { createAzureSource } from "../../../src/azure/source.ts";
import { DataPlane } from "../../../src/azure/data_plane.ts";
import type { BlobContainer, BlobItem } from "../../../src/blob/container.ts";
import { Failure } from "../../../src/records/failure.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../src/records/json.ts";
import type { JobRecord } from "../../../src/records/job.ts";
import type { Found, FoundJob, Log, Want } from "../../../src/stages/ports.ts";
import { ROUTES } from "../../../src/wire/routes.ts";
import type { Answer, Route, WireRequest } from "../../../src/wire/wire.ts";

/** Answers one request: a body (200), a whole answer, or a thrown `Failure`. */
export type Handler = (request: WireRequest, asked: JsonObject) => JsonValue | Answer;

const NAMES = new Map<Route, string>(
  Object.entries(ROUTES).flatMap(([group, routes]) =>
    Object.entries(routes).map(([name, route]): [Route, string] => [route, `${group}.${name}`])
  ),
);

/** An answer that is no plain 200. */
export function reply(status: number, body: JsonValue = null): Answer {
  return { status, body, headers: new Map(), requestId: null };
}

/** What the wire throws when a service refused. */
export function refused(status: number, code = "Refused"): Failure {
  const retryable = status >= 429;
  return new Failure(`the service answered ${status} ${code}`, { code, reach: "record", retryable, status });
}

/** What the wire throws when nobody answered. */
export function silence(): Failure {
  return new Failure("no answer", { code: "ECONNRESET", reach: "unreachable", retryable: true });
}

/** A workspace behind a table of handlers by route name (`history.children`); routes not in it answer 404. */
export class Rig {
  readonly sent: { readonly name: string; readonly body: JsonObject; readonly request: WireRequest }[] = [];
  /** By datastore; a failure where storage shall refuse. */
  readonly blobs = new Map<string, readonly BlobItem[] | Failure>();
  readonly heads: string[] = [];
  readonly logged: string[] = [];
  readonly stop = new AbortController();
  readonly workspace: Workspace;
  readonly #handlers: Readonly<Record<string, Handler>>;

  constructor(handlers: Readonly<Record<string, Handler>>) {
    this.#handlers = handlers;
    const armPath =
      "/subscriptions/s1/resourceGroups/rg1/providers/Microsoft.MachineLearningServices/workspaces/ws1";
    this.workspace = {
      id: "azureml://subscriptions/s1/resourceGroups/rg1/workspaces/ws1",
      names: { subscription: "s1", resourceGroup: "rg1", workspace: "ws1" },
      armPath,
      arm: "https://management.azure.com",
      api: "https://eastus2.api.azureml.ms",
      tenant: "t1",
      wire: {
        send: (request) => this.#send(request),
        open: () => Promise.reject(new Error("a workspace is not read as a stream")),
        trust: () => {},
        calls: () => this.sent.length,
      },
      datastore: (name) => Promise.resolve(datastore(name)),
      defaultDatastore: () => Promise.resolve("workspaceblobstore"),
      container: (name) => Promise.resolve(this.#container(name)),
      bytes: () => 0,
    };
  }

  /** How often each route was asked. */
  counts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { name } of this.sent) counts[name] = (counts[name] ?? 0) + 1;
    return counts;
  }

  plane(): DataPlane {
    return new DataPlane(this.workspace, { concurrency: 4, log: this.log, signal: this.stop.signal });
  }

  async found(want: Partial<Want> = {}): Promise<Found[]> {
    const source = createAzureSource(this.workspace, {
      concurrency: 4,
      log: this.log,
      signal: this.stop.signal,
    });
    const all: Found[] = [];
    for await (const batch of source.jobs({ ...EVERYTHING, ...want })) all.push(...batch);
    return all;
  }

  readonly log: Log = {
    debug: () => {},
    info: (message) => this.logged.push(message),
    warn: (message) => this.logged.push(message),
    error: (message) => this.logged.push(message),
    progress: () => {},
  };

  async #send(request: WireRequest): Promise<Answer> {
    await Promise.resolve();
    const name = NAMES.get(request.route) ?? request.route.path;
    const body = isJsonObject(request.body) ? request.body : {};
    this.sent.push({ name, body, request });
    const handler = this.#handlers[name];
    const answer = handler === undefined ? reply(404) : handler(request, body);
    const whole = isAnswer(answer) ? answer : reply(200, answer);
    if (whole.status < 300 || request.accept?.includes(whole.status)) return whole;
    throw refused(whole.status, "NotFound");
  }

  #container(name: string): BlobContainer {
    const { endpoint, container } = datastore(name);
    const blobs = () => {
      const held = this.blobs.get(name) ?? [];
      if (held instanceof Failure) throw held;
      return held;
    };
    const unused = () => Promise.reject(new Error("reading lists and asks for blobs, nothing else"));
    return {
      endpoint,
      name: container,
      async *list(prefix) {
        await Promise.resolve();
        yield blobs().filter((blob) => blob.name.startsWith(prefix));
      },
      head: (path) => {
        this.heads.push(path);
        return Promise.resolve().then(() => blobs().find((blob) => blob.name === path) ?? null);
      },
      read: unused,
      copySource: unused,
      put: unused,
      copyFrom: unused,
    };
  }
}

/** The want of an `extract` without options. */
export const EVERYTHING: Want = {
  include: null,
  archived: "exclude",
  keep: () => true,
  maxDepth: null,
  limit: null,
};

function isAnswer(value: JsonValue | Answer): value is Answer {
  return typeof value === "object" && value !== null && "headers" in value && value.headers instanceof Map;
}

function datastore(name: string): Datastore {
  const container = name === "workspaceartifactstore" ? "azureml" : `container-${name}`;
  return {
    name,
    type: "AzureBlob",
    account: "acct",
    container,
    endpoint: "https://acct.blob.core.windows.net",
  };
}

/** The jobs among what was found. */
export function jobsOf(found: readonly Found[]): FoundJob[] {
  return found.flatMap((one) => one.kind === "job" ? [one.job] : []);
}

/** The records among what was found. */
export function recordsOf(found: readonly Found[]): JobRecord[] {
  return jobsOf(found).map(({ record }) => record);
}

/** A run as run history answers it; times count up with `minute`. */
export function run(id: string, more: JsonObject = {}, minute = 0): JsonObject {
  const createdUtc = `2024-01-01T00:${String(minute).padStart(2, "0")}:00.1234567+00:00`;
  return {
    runId: id,
    rootRunId: id,
    parentRunId: null,
    experimentId: "e1",
    status: "Completed",
    createdUtc,
    ...more,
  };
}

/** A job resource of ARM. */
export function armJob(name: string, properties: JsonObject = {}): JsonObject {
  return {
    name,
    properties: { jobType: "Command", experimentName: "exp one", isArchived: false, ...properties },
    systemData: { createdAt: "2024-01-01T00:00:00+00:00", createdBy: "Ada" },
  };
}

/** The body of a recorded answer of the service. */
export async function recording(name: string): Promise<JsonObject> {
  const url = new URL(`../../fixtures/azure-ml/recordings/${name}.json`, import.meta.url);
  const recorded: { readonly response: { readonly body: JsonObject } } = JSON.parse(
    await Deno.readTextFile(url),
  );
  return recorded.response.body;
}
