import { isJsonObject, type JsonObject } from "../../src/records/json.ts";
import type { ErrorFacts } from "../emulator/errors.ts";
import type { Resolver } from "../emulator/front/dispatcher.ts";
import { effectOf, type Job } from "../emulator/front/job.ts";
import type { Call, Server } from "./call.ts";
import { OPEN_PATHS } from "./calls/server_calls.ts";
import { jsonText, parseJsonText } from "./json_text.ts";
import { errorBody, invalid, missing, MlflowError } from "./mlflow_error.ts";
import { type RouteMatch, Routes } from "./routes.ts";
import { refusal, type SignIn } from "./sign_in.ts";
import type { Store } from "./state/store.ts";
import { isSince } from "./version.ts";

/** The longest first line of a request that 2.x servers read, in bytes. */
const LINE_MOST = 4094;

/** What jobs are made from. */
export interface Ground {
  readonly server: Server;
  readonly signIn: SignIn | undefined;
  /** `/prefix`, or empty. */
  readonly prefix: string;
}

/** Makes a job of every request. */
export function mlflowResolver(ground: Ground): Resolver {
  const routes = new Routes(ground.server.version);
  return (request, url) => {
    const isBelow = url.pathname.startsWith(`${ground.prefix}/`);
    const path = url.pathname.slice(ground.prefix.length);
    const match = isBelow ? routes.match(request.method, path) : 404;
    return new CallJob(ground, match, request, url);
  };
}

class CallJob implements Job {
  readonly route: string | null;
  readonly effect: "read" | "write";

  constructor(
    readonly ground: Ground,
    readonly match: RouteMatch | 404 | 405,
    readonly request: Request,
    readonly url: URL,
  ) {
    this.route = typeof match === "number" ? null : match.row.name;
    this.effect = typeof match === "number" ? effectOf(request.method) : match.row.effect;
  }

  get workspace(): string | null {
    return this.request.headers.get("x-mlflow-workspace");
  }

  async perform(): Promise<Response> {
    const { ground: { server, signIn, prefix }, match, request, url } = this;
    // The body is read before anything is answered: a connection must not break while the client still sends.
    const bytes = new Uint8Array(await request.arrayBuffer());
    if (!isSince(server.version, "3") && lineLength(request, url) > LINE_MOST) {
      return page(400, "Bad Request</title>\n<p>Request Line is too large</p>\n");
    }
    if (!OPEN_PATHS.includes(url.pathname.slice(prefix.length))) {
      const refused = refusal(signIn, request.headers.get("authorization"));
      if (refused !== null) return refused;
    }
    if (typeof match === "number") {
      return match === 404 ? page(404, NOT_FOUND) : page(405, "Method Not Allowed</title>\n");
    }
    try {
      const reply = match.row.handler(this.#call(match, bytes));
      if (reply instanceof Response) return reply;
      return json(jsonText(reply.json), reply.status ?? 200);
    } catch (error) {
      if (error instanceof MlflowError) return this.#error(error.status, error.code, error.message);
      return this.#error(500, "INTERNAL_ERROR", `a fault of the double: ${Object(error).stack}`);
    }
  }

  /** What a fault rule answers: MLflow's envelope. */
  refuse({ status, code, message, headers }: ErrorFacts): Response {
    return this.#error(status, code, message, headers);
  }

  #error(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    return json(JSON.stringify(errorBody(this.ground.server.version, code, message)), status, headers);
  }

  #call({ row, vars }: RouteMatch, bytes: Uint8Array<ArrayBuffer>): Call {
    const { ground: { server }, request, url } = this;
    const isJson = bytes.length > 0 && !/upload|^proxy/.test(row.name);
    return {
      server,
      store: row.name.startsWith("server.") ? storeOf(server, null) : storeOf(server, this.workspace),
      input: isJson ? bodyObject(bytes) : queryObject(url.searchParams),
      query: url.searchParams,
      vars,
      bytes,
      headers: request.headers,
    };
  }
}

/** The store of a workspace; the header means nothing before 3.10. */
function storeOf(server: Server, asked: string | null): Store {
  const name = asked === null || asked === "" || !isSince(server.version, "3.10") ? "default" : asked;
  if (name !== "default" && !server.hasWorkspaces) {
    throw new MlflowError(
      "FEATURE_DISABLED",
      "Workspace APIs are not available: workspaces are not enabled on this server",
    );
  }
  const store = server.stores.get(name);
  if (store === undefined) throw missing(`Workspace '${name}' not found`);
  return store;
}

function bodyObject(bytes: Uint8Array): JsonObject {
  try {
    const body = parseJsonText(new TextDecoder().decode(bytes));
    if (isJsonObject(body)) return body;
  } catch {
    // Falls through to the answer.
  }
  throw invalid("The request body is not a JSON object.");
}

/** A parameter that is given more than once is a list. */
function queryObject(query: URLSearchParams): JsonObject {
  const object: JsonObject = {};
  for (const name of new Set(query.keys())) {
    const values = query.getAll(name);
    object[name] = values.length === 1 ? values[0] ?? "" : values;
  }
  return object;
}

function lineLength(request: Request, url: URL): number {
  return `${request.method} ${url.pathname}${url.search} HTTP/1.1`.length;
}

function json(text: string, status: number, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(text, { status, headers: { "content-type": "application/json", ...headers } });
}

const NOT_FOUND =
  "Not Found</title>\n<h1>Not Found</h1>\n<p>The requested URL was not found on the server. If you " +
  "entered the URL manually please check your spelling and try again.</p>\n";

function page(status: number, text: string): Response {
  return new Response(`<!doctype html>\n<html lang=en>\n<title>${status} ${text}`, {
    status,
    headers: { "content-type": "text/html; charset=utf-8" },
  });
}
