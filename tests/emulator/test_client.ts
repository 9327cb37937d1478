import { makeToken } from "./auth/make_token.ts";
import type { Emulator } from "./start.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../src/records/json.ts";

/** An answer as a test looks at it. */
export interface TestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as an object; empty when it is none. */
  readonly body: JsonObject;
}

/** Without a pool: `fetch` sends a request again by itself when a connection that it has kept breaks without an answer. */
const client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });

/** Speaks to one workspace of an emulator with the right token, unless told otherwise. */
export class TestClient {
  readonly #emulator: Emulator;
  readonly #key: string;

  constructor(emulator: Emulator, key = "a") {
    this.#emulator = emulator;
    this.#key = key;
  }

  /** ARM path of the workspace. */
  get path(): string {
    return this.#emulator.workspace(this.#key).armPath;
  }

  /** A request below the workspace: `send("GET", "/jobs")`. */
  send(
    method: string,
    path: string,
    body?: JsonValue,
    headers: Record<string, string> = {},
  ): Promise<TestAnswer> {
    return this.fetch(`${this.#emulator.url}${this.path}${path}`, method, body, headers);
  }

  /** A request to a whole address, or to a path of the emulator. */
  async fetch(
    url: string,
    method = "GET",
    body?: JsonValue,
    headers: Record<string, string> = {},
  ): Promise<TestAnswer> {
    const { tenant } = this.#emulator.workspace(this.#key).facts;
    const token = makeToken("https://management.azure.com", tenant);
    const answer = await fetch(new URL(url, this.#emulator.url), {
      client,
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, body: parsed(text) };
  }
}

function parsed(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}
