import { Failure } from "../records/failure.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../records/json.ts";
import type { Fault, Log } from "../stages/ports.ts";
import { followLinks, followTokens } from "../wire/paging.ts";
import type { Answer, Route, Wire, WireRequest } from "../wire/wire.ts";
import { objectsAt } from "./json_fields.ts";
import type { Workspace } from "./workspace.ts";

/** What went wrong with a part of a job, before it is said which part. */
export type Trouble = Pick<Fault, "code" | "message" | "retryable" | "hint">;

/** What a request adds to its route. */
export type Details = Pick<WireRequest, "query" | "accept"> & { readonly body?: JsonObject };

/** How many requests in a row may get no answer before it is the network's fault and not one record's. */
const SILENCE = 3;

/** The data plane of a workspace as a reader uses it: run history, metrics, artifacts. */
export class DataPlane {
  readonly workspace: Workspace;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Requests under way at a time for one purpose. */
  readonly concurrency: number;
  /** The workspace's wire, with a count of the requests in a row that got no answer. */
  readonly wire: Wire;
  /** The same for lists: an answer that is no list must not pass for the end of one. */
  readonly #lists: Wire;
  #silent = 0;

  constructor(
    workspace: Workspace,
    options: { readonly concurrency: number; readonly log: Log; readonly signal: AbortSignal },
  ) {
    this.workspace = workspace;
    this.log = options.log;
    this.signal = options.signal;
    this.concurrency = Math.max(1, options.concurrency);
    const { wire } = workspace;
    this.wire = {
      send: (request) => this.#send(request),
      open: (request) => wire.open(request),
      trust: (base) => wire.trust(base),
      calls: () => wire.calls(),
    };
    this.#lists = { ...this.wire, send: (request) => this.#sendForList(request) };
  }

  /** One request on the data plane; throws as `Wire.send` does. */
  ask(route: Route, vars: Readonly<Record<string, string>>, details: Details = {}): Promise<Answer> {
    return this.wire.send(this.#request(route, vars, details));
  }

  /** One request to ARM; throws as `Wire.send` does. */
  askArm(route: Route, vars: Readonly<Record<string, string>>, details: Details = {}): Promise<Answer> {
    return this.wire.send({ ...this.#request(route, vars, details), base: this.workspace.arm });
  }

  /** The objects of a list of ARM, page by page; pages may be empty. */
  async *armPages(route: Route, details: Details): AsyncGenerator<readonly JsonObject[]> {
    const first = { ...this.#request(route, {}, details), base: this.workspace.arm };
    for await (const page of followLinks(this.#lists, first)) {
      yield page.filter(isJsonObject);
      if (this.signal.aborted) return;
    }
  }

  /**
   * The objects of a paged list, page by page. The token of the next page goes into the body of a POST, and into the
   * query parameter `tokenName` of a GET (run history: `$continuationtoken`; artifacts: `continuationToken`). An
   * accepted status other than 200 is an empty list.
   */
  async *pages(
    route: Route,
    vars: Readonly<Record<string, string>>,
    details: Details = {},
    tokenName = "continuationToken",
  ): AsyncGenerator<readonly JsonObject[]> {
    for await (const body of this.bodies(route, vars, details, tokenName)) yield objectsAt(body, "value");
  }

  /** The whole bodies of the pages that {@linkcode pages} gives the objects of. */
  async *bodies(
    route: Route,
    vars: Readonly<Record<string, string>>,
    details: Details = {},
    tokenName = "continuationToken",
  ): AsyncGenerator<JsonObject> {
    const request = (token: string | null) =>
      this.#request(route, vars, withToken(route, details, tokenName, token));
    for await (const body of followTokens(this.#lists, request)) {
      if (isJsonObject(body)) yield body;
      if (this.signal.aborted) return;
    }
  }

  /**
   * What a failure means for the record that it met. Throws it on when it hits everything: no sign-in, an interrupt,
   * and several requests in a row without any answer. What is no `Failure` is thrown on, too.
   */
  trouble(error: unknown): Trouble {
    if (!(error instanceof Failure) || this.signal.aborted) throw error;
    const { code, reach, retryable, hint } = error.facts;
    const everything = reach === "auth" || (isSilence(error) && this.#silent >= SILENCE);
    if (everything || reach === "usage" || reach === "disk") throw error;
    return { code, message: error.message, retryable, ...(hint === undefined ? {} : { hint }) };
  }

  #request(route: Route, vars: Readonly<Record<string, string>>, details: Details): WireRequest {
    const { api, armPath } = this.workspace;
    return { route, base: api, vars: { ws: armPath, ...vars }, ...details };
  }

  async #sendForList(request: WireRequest): Promise<Answer> {
    const answer = await this.#send(request);
    if (answer.status < 300 && !isList(answer.body)) throw noList(request);
    return answer;
  }

  async #send(request: WireRequest): Promise<Answer> {
    try {
      const answer = await this.workspace.wire.send(request);
      this.#silent = 0;
      return answer;
    } catch (error) {
      this.#silent = isSilence(error) ? this.#silent + 1 : 0;
      throw error;
    }
  }
}

/** Whether the service said that it does not take a request of this form (so another form may do). */
export function isRefusal(error: unknown): boolean {
  return error instanceof Failure && [400, 404, 405, 422, 501].includes(error.facts.status ?? 0);
}

/** A list without a `value`, or with null there, is empty. */
function isList(body: JsonValue): boolean {
  if (!isJsonObject(body)) return false;
  const value = body["value"] ?? null;
  return value === null || Array.isArray(value);
}

function noList({ route }: WireRequest): Failure {
  return new Failure(`${route.method} ${route.path} was answered with something that is no list`, {
    code: "no_list",
    reach: "record",
    retryable: true,
    hint: "this is a fault of the service, or of a proxy before it: run it again",
  });
}

function isSilence(error: unknown): boolean {
  return error instanceof Failure && error.facts.reach === "unreachable" && error.facts.status === undefined;
}

function withToken(route: Route, details: Details, tokenName: string, token: string | null): Details {
  if (token === null) return details;
  if (route.method === "GET") return { ...details, query: { ...details.query, [tokenName]: token } };
  const body: Record<string, JsonValue> = { ...details.body, continuationToken: token };
  return { ...details, body };
}
