import type { JsonObject, JsonValue } from "../../src/records/json.ts";
import { isJsonObject } from "../../src/records/json.ts";
import type { Settings } from "./settings.ts";
import type { EmulatorState, WorkspaceState } from "./state.ts";

/** The request as a handler sees it. */
export interface Ask {
  readonly method: string;
  readonly url: URL;
  /** Scheme, host and port as the caller wrote them (`http://127.0.0.1:8801`): links in answers start with it. */
  readonly base: string;
  readonly headers: Headers;
  /** Percent-decoded path parameters. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The parsed JSON body; null when there is none. Bare `NaN` and `Infinity` arrive as strings. */
  readonly body: JsonValue;
  /** The body as it came. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The caller's `x-ms-client-request-id`, else a fresh guid. */
  readonly requestId: string;
  readonly state: EmulatorState;
  readonly settings: Settings;
}

/** A request below a workspace. */
export interface Context extends Ask {
  readonly workspace: WorkspaceState;
}

/** What a handler answers. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Written as JSON. */
  readonly json?: JsonValue;
  /** Written as it is, in place of `json` (JSON with bare `NaN`, bytes of an artifact). */
  readonly raw?: string | Uint8Array<ArrayBuffer>;
}

/** Does what a request below a workspace asks for. Throws `ServiceError` for every refusal. */
export type Handler = (context: Context) => Promise<Reply> | Reply;

/** One row of a service's route table. */
export interface RouteRow {
  /** Unique within the emulator, e.g. `history.run.get`: what fault rules and tests call the route. */
  readonly name: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD";
  /**
   * Path template. `{+ws}` is the ARM path of the workspace, `{name}` one segment, `{name*}` the rest of the path
   * with its slashes. Literals match without regard to case.
   */
  readonly path: string;
  /** The emulator's own judgement of what the request does; a dry run must make no `write`. */
  readonly effect: "read" | "write";
  readonly handler: Handler;
}

/** A JSON answer, 200 unless told otherwise. */
export function json(value: JsonValue, status = 200, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, json: value, headers };
}

/** An answer without a body. */
export function empty(status: number, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers };
}

/** The body as an object; an empty object when there is no body or it is something else. */
export function bodyObject(ask: Ask): JsonObject {
  return isJsonObject(ask.body) ? ask.body : {};
}

/** A route that fits a request, with its decoded parameters. */
export interface Match {
  readonly row: RouteRow;
  readonly params: Readonly<Record<string, string>>;
  /** The names of the workspace in the path; null when the template has no `{+ws}`. */
  readonly names: { subscription: string; resourceGroup: string; workspace: string } | null;
}

interface Compiled {
  readonly row: RouteRow;
  readonly pattern: RegExp;
  readonly keys: readonly string[];
}

const WORKSPACE = "/subscriptions/([^/]+)/resourcegroups/([^/]+)" +
  "/providers/microsoft\\.machinelearningservices/workspaces/([^/]+)";

/** Finds the row of a table that a request is for. The first row that fits wins, so put literals before parameters. */
export class Router {
  readonly #byMethod = new Map<string, Compiled[]>();

  constructor(rows: readonly RouteRow[]) {
    for (const row of rows) {
      const list = this.#byMethod.get(row.method) ?? [];
      list.push(compile(row));
      this.#byMethod.set(row.method, list);
    }
  }

  /** `path` is the raw path of the URL, still percent-encoded. Null when no row fits. */
  match(method: string, path: string): Match | null {
    for (const { row, pattern, keys } of this.#byMethod.get(method) ?? []) {
      const hit = pattern.exec(path);
      if (hit !== null) return capture(row, keys, hit);
    }
    return null;
  }
}

function compile(row: RouteRow): Compiled {
  const keys: string[] = [];
  const source = row.path.replaceAll(/\{(\+?)(\w+)(\*?)\}|[^{]+/g, (text, plus, key, star) => {
    if (key === undefined) return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
    if (plus === "+") {
      keys.push("+s", "+g", "+w");
      return WORKSPACE;
    }
    keys.push(key);
    return star === "*" ? "(.+)" : "([^/]+)";
  });
  return { row, keys, pattern: new RegExp(`^${source}/?$`, "i") };
}

function capture(row: RouteRow, keys: readonly string[], hit: RegExpExecArray): Match {
  const params: Record<string, string> = {};
  keys.forEach((key, index) => params[key] = decode(hit[index + 1] ?? ""));
  const { "+s": subscription, "+g": resourceGroup, "+w": workspace, ...rest } = params;
  const names = subscription === undefined || resourceGroup === undefined || workspace === undefined
    ? null
    : { subscription, resourceGroup, workspace };
  return { row, params: rest, names };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
