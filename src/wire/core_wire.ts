import type {
  HttpClient,
  Pipeline,
  PipelinePolicy,
  PipelineRequest,
  PipelineResponse,
} from "@azure/core-rest-pipeline";
import { Failure } from "../records/failure.ts";
import type { JsonValue } from "../records/json.ts";
import { addressOf } from "./address.ts";
import { type Advice, AZURE_ADVICE } from "./advice.ts";
import { answerBody } from "./answer_body.ts";
import { answerFailure, lostFailure, nameOf } from "./answer_failure.ts";
import { type Clock, systemClock } from "./clock.ts";
import { Lost } from "./no_answer.ts";
import type { Pacers } from "./pacer.ts";
import type { Plan, Plans } from "./plan.ts";
import type { RetryOptions } from "./retry.ts";
import { readServiceError, requestIdOf } from "./service_error.ts";
import { parseServiceJson } from "./service_json.ts";
import type { TlsOptions } from "./tls.ts";
import type { Trust } from "./trust.ts";
import type { Answer, OpenAnswer, Wire, WireRequest } from "./wire.ts";

/** Longest time that one try may take. */
const TRY_MS = 100_000;

/** What every wire is made of. */
export interface CoreOptions {
  /** Puts what signs a request in on it; outside of pacing, so that it may send again. */
  readonly signIn: (plans: Plans) => PipelinePolicy;
  readonly trust: Trust;
  /** Who is spoken for: hosts are paced for each one apart. */
  readonly paceKey: string;
  /** What to tell of refusals; Azure's words when absent. */
  readonly advice?: Advice;
  readonly tls?: TlsOptions;
  /** Shared by all wires of the process. */
  readonly pacers: Pacers;
  /** `azml/<version>`. */
  readonly userAgent: string;
  /** Aborts requests and waits: `send` then throws a `Failure` with code `interrupted`. */
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  readonly retry?: Partial<Omit<RetryOptions, "clock" | "note">>;
  /** Told before each wait for another try. */
  readonly note?: (message: string, waitMs: number) => void;
  /** Told of each try when it has ended, without secrets. */
  readonly told?: (message: string) => void;
  /** Milliseconds for one try, or without a byte of a stream; 100,000 when absent. */
  readonly tryMs?: number;
}

/** What sends requests to one host. */
export interface Line {
  readonly pipeline: Pipeline;
  readonly client: HttpClient;
  readonly request: (plan: Plan, body: string | undefined) => PipelineRequest;
}

/** Makes a {@linkcode Wire} of its parts. The http library loads with the first request. */
export function coreWire(options: CoreOptions): Wire {
  const clock = options.clock ?? systemClock;
  const plans: Plans = new WeakMap();
  const lines = new Map<string, Promise<Line>>();
  let calls = 0;
  const lineTo = (address: URL): Promise<Line> => {
    const known = lines.get(address.host) ??
      import("./line.ts").then(({ createLine }) =>
        createLine(address, { ...options, clock, plans, count: () => void calls++ })
      );
    lines.set(address.host, known);
    return known;
  };
  const ask = async (request: WireRequest, plan: Plan): Promise<PipelineResponse> => {
    const line = await lineTo(plan.address);
    const sent = line.request(plan, request.body === undefined ? undefined : JSON.stringify(request.body));
    for (const [name, value] of Object.entries(request.headers ?? {})) sent.headers.set(name, value);
    sent.timeout = plan.stallMs;
    return await exchange(line, sent, plan);
  };
  return {
    trust: (base) => options.trust.add(base),
    calls: () => calls,
    async send(request) {
      const plan = planFor(request, options, false);
      return answerOf(request, plan, await ask(request, plan));
    },
    async open(request) {
      const plan = planFor(request, options, true);
      return openAnswerOf(request, plan, await ask(request, plan));
    },
  };
}

function planFor(request: WireRequest, { signal, tryMs, advice }: CoreOptions, streams: boolean): Plan {
  return {
    route: request.route,
    audience: request.audience ?? "arm",
    address: addressOf(request),
    signal,
    advice: advice ?? AZURE_ADVICE,
    content: request.content ?? null,
    streams,
    stallMs: tryMs ?? TRY_MS,
    checkBody: (text) => void parseBody(text),
  };
}

async function exchange(line: Line, sent: PipelineRequest, plan: Plan): Promise<PipelineResponse> {
  try {
    return await line.pipeline.sendRequest(line.client, sent);
  } catch (error) {
    if (error instanceof Lost) throw error.why.cause ?? lostFailure(plan, error);
    if (!plan.signal?.aborted) throw error;
    throw new Failure(`interrupted while asking ${plan.address.host}`, {
      code: "interrupted",
      reach: "unreachable",
      retryable: true,
      cause: error,
    });
  }
}

function answerOf(request: WireRequest, plan: Plan, response: PipelineResponse): Answer {
  const text = response.bodyAsText ?? "";
  const head = headOf(request, plan, response);
  return { ...head, body: isGood(head.status) ? parseBody(text) : tryParse(text) };
}

function openAnswerOf(request: WireRequest, plan: Plan, response: PipelineResponse): OpenAnswer {
  const head = headOf(request, plan, response);
  const length = head.headers.get("content-length");
  const stream = response.readableStreamBody;
  const body = answerBody({
    chunks: stream ?? ReadableStream.from([response.bodyAsText ?? ""]),
    destroy: () => destroy(stream),
  }, {
    name: nameOf(plan),
    announced: length === undefined || head.headers.has("content-encoding") ? null : Number(length),
    stallMs: plan.stallMs,
    signal: plan.signal,
  });
  return { ...head, body };
}

/** Node's streams can be destroyed, which the library's type of them does not say. */
function destroy(stream: unknown): void {
  if (typeof stream !== "object" || stream === null || !("destroy" in stream)) return;
  if (typeof stream.destroy === "function") stream.destroy();
}

function isGood(status: number): boolean {
  return status >= 200 && status < 300;
}

/** Throws the `Failure` that an answer means which is neither good nor accepted. */
function headOf(request: WireRequest, plan: Plan, response: PipelineResponse): Omit<Answer, "body"> {
  const headers = new Map(Object.entries(response.headers.toJSON()));
  const { status } = response;
  if (isGood(status) || request.accept?.includes(status)) {
    return { status, headers, requestId: requestIdOf(headers) };
  }
  const text = response.bodyAsText ?? "";
  throw answerFailure(plan, status, readServiceError(status, tryParse(text), text, headers));
}

function parseBody(text: string): JsonValue {
  return text.trim() === "" ? null : parseServiceJson(text);
}

/** Null for what is no JSON, such as a proxy's page about an error. */
function tryParse(text: string): JsonValue {
  try {
    return parseBody(text);
  } catch {
    return null;
  }
}
