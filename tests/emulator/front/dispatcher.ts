import type { FaultAction, Faults } from "../faults.ts";
import { loggedPath, type RequestLog } from "../log.ts";
import type { Settings } from "../settings.ts";
import type { Incoming } from "./front.ts";
import type { Job } from "./job.ts";
import { readAhead, type Recorder } from "./recorder.ts";

/** Makes a job of a request when it is for one part of the emulator; null when it is for another. */
export type Resolver = (request: Request, url: URL) => Job | null;

const NO_BYTES = new Uint8Array();

/** Takes every request: finds who answers it, lets fault rules strike, and writes the log. */
export class Dispatcher {
  readonly #resolvers: readonly Resolver[];
  readonly #settings: Settings;
  readonly #faults: Faults;
  readonly #log: RequestLog;
  readonly #recorder: Recorder | null;

  /** The last resolver must take everything. Without a recorder no body is kept. */
  constructor(
    parts: {
      resolvers: readonly Resolver[];
      settings: Settings;
      faults: Faults;
      log: RequestLog;
      recorder: Recorder | null;
    },
  ) {
    this.#resolvers = parts.resolvers;
    this.#settings = parts.settings;
    this.#faults = parts.faults;
    this.#log = parts.log;
    this.#recorder = parts.recorder;
  }

  async handle(incoming: Incoming): Promise<Response> {
    const { request, body } = this.#recorder === null
      ? { request: incoming.request, body: NO_BYTES }
      : await readAhead(incoming.request);
    const started = performance.now();
    const url = new URL(request.url);
    const job = this.#resolve(request, url);
    if (job === null) return new Response(null, { status: 404 });
    const { route, effect, workspace } = job;
    this.#recorder?.keep(request, body, { route, effect, workspace });
    const action = this.#faults.strike(job.route, request.method, url.pathname + url.search);
    await wait(this.#settings.latencyMs + (action?.kind === "delay" ? action.ms : 0));
    const response = await outcome(job, action, incoming);
    if (job.route?.startsWith("emulator.")) return response;
    this.#log.add({
      time: new Date().toISOString(),
      method: request.method,
      host: request.headers.get("host") ?? url.host,
      path: loggedPath(url),
      route: job.route,
      status: action?.kind === "drop" || action?.kind === "reset" ? 0 : response.status,
      workspace: job.workspace,
      effect: job.effect,
      clientRequestId: request.headers.get("x-ms-client-request-id"),
      ...(action === null ? {} : { fault: action.kind }),
      ms: Math.round(performance.now() - started),
    });
    return response;
  }

  #resolve(request: Request, url: URL): Job | null {
    for (const resolver of this.#resolvers) {
      const job = resolver(request, url);
      if (job !== null) return job;
    }
    return null;
  }
}

/** Carries a job out, or does to it what the fault says. */
async function outcome(job: Job, action: FaultAction | null, incoming: Incoming): Promise<Response> {
  switch (action?.kind) {
    case "throttle":
      return job.refuse({
        status: 429,
        code: "TooManyRequests",
        inner: ["RequestThrottled"],
        message: "Too many requests. Retry after the time that Retry-After says.",
        headers: { "retry-after": String(action.retryAfter) },
      });
    case "fail":
      return job.refuse({
        status: action.status,
        code: action.code ?? (action.status >= 500 ? "ServiceError" : "UserError"),
        message: action.message ?? `The emulator was told to answer ${action.status}.`,
      });
    case "reset":
      incoming.hangUp();
      return new Response(null, { status: 503 });
    case "drop": {
      const lost = await job.perform();
      await lost.body?.cancel();
      incoming.hangUp();
      return new Response(null, { status: 503 });
    }
    case "cut":
      return await cutShort(await job.perform(), incoming);
    default:
      return await job.perform();
  }
}

/** Half of the body, with the headers of the whole, and then the connection is gone. */
async function cutShort(response: Response, incoming: Incoming): Promise<Response> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  const headers = new Headers(response.headers);
  headers.set("content-length", String(bytes.length));
  let sent = false;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (!sent) {
        sent = true;
        controller.enqueue(bytes.subarray(0, Math.floor(bytes.length / 2)));
        return;
      }
      await wait(20);
      incoming.hangUp();
      controller.close();
    },
  }, { highWaterMark: 0 });
  return new Response(body, { status: response.status, headers });
}

async function wait(ms: number): Promise<void> {
  if (ms > 0) await new Promise((done) => setTimeout(done, ms));
}
