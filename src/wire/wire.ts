import type { JsonValue } from "../records/json.ts";

/** Whether a request changes anything at the service. A dry run sends no `write`. */
export type Effect = "read" | "write";

/** One row of a table of routes. */
export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD";
  /** Path template, with its fixed query if it has one; `{name}` is replaced by a percent-encoded value, `{+name}` by the value as it is (ARM ids). */
  readonly path: string;
  readonly effect: Effect;
  /** Whether the same request may be sent again when it is unknown whether the first one arrived. */
  readonly repeatable: boolean;
  /** `auth` where nothing can go on when the service says 403 here; else a 403 is about one record. */
  readonly refusal?: "auth";
}

/** The token audience that a host wants; `none` for requests without a token. */
export type Audience = "arm" | "ml" | "storage" | "none";

/** Bytes that are sent. */
export interface Content {
  /** Made anew for each try. */
  readonly open: () => Promise<ReadableStream<Uint8Array>>;
  /** Media type. */
  readonly type: string;
  /** Bytes; null when nobody knows. */
  readonly size: number | null;
}

/** One request. */
export interface WireRequest {
  readonly route: Route;
  /** Scheme and host, e.g. `https://eastus2.api.azureml.ms`; ignored when `url` is given. */
  readonly base?: string;
  /** A whole address that the service gave (`nextLink`), taken verbatim; its host must be trusted. */
  readonly url?: string;
  readonly vars?: Readonly<Record<string, string>>;
  /** Undefined values are left out; a list repeats its name. */
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  readonly body?: JsonValue;
  /** Bytes in place of a JSON body. */
  readonly content?: Content;
  readonly headers?: Readonly<Record<string, string>>;
  readonly audience?: Audience;
  /** Statuses that are answers and not failures, beside 2xx (e.g. `[404]`). */
  readonly accept?: readonly number[];
}

/** An answer. */
export interface Answer {
  readonly status: number;
  /** Parsed with {@linkcode "service_json"} rules; null for an empty body. */
  readonly body: JsonValue;
  /** Lower-case names. */
  readonly headers: ReadonlyMap<string, string>;
  readonly requestId: string | null;
}

/** An answer whose body has not been read. */
export interface OpenAnswer extends Omit<Answer, "body"> {
  /** Errors with a `Failure` (retryable) when the connection breaks or fewer bytes come than were announced. */
  readonly body: ReadableStream<Uint8Array>;
}

/** One way to speak to services over http: sign-in, retry, pacing, trust and error mapping inside. */
export interface Wire {
  /** Throws `Failure` for every answer that is not 2xx or accepted, and when no answer came. */
  send(request: WireRequest): Promise<Answer>;
  /** As `send`, for a body that is too large for memory. It must be read to its end or cancelled. */
  open(request: WireRequest): Promise<OpenAnswer>;
  /** Lets tokens of an audience go to a host that the config or a discovery answer named. */
  trust(base: string): void;
  /** Requests sent so far, retries included. */
  calls(): number;
}
