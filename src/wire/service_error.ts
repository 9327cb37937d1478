import { isJsonObject, type JsonObject, type JsonValue } from "../records/json.ts";
import { scrub } from "./scrub.ts";

/** What a service says of a request that it refused. */
export interface ServiceError {
  /** The innermost code that it gave, else a word for the status. */
  readonly code: string;
  /** Without secrets; empty when it said nothing. */
  readonly message: string;
  readonly requestId: string | null;
}

/** How deep codes may be nested before azml stops looking. */
const MAX_INNER = 10;
const MAX_MESSAGE = 1000;

const STATUS_CODES: Readonly<Record<number, string>> = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  405: "MethodNotAllowed",
  408: "RequestTimeout",
  409: "Conflict",
  412: "PreconditionFailed",
  413: "RequestTooLarge",
  429: "TooManyRequests",
  500: "InternalServerError",
  502: "BadGateway",
  503: "ServiceUnavailable",
  504: "GatewayTimeout",
};

/**
 * Reads the error envelopes of Azure ML: ARM's (the precise code hides in `additionalInfo`), the data plane's
 * (`innerError`), the PascalCase one of its MLflow endpoint, plain MLflow's `{error_code, message}`, and an empty body.
 * `body` is null when the answer was no JSON; `text` is what it was then.
 */
export function readServiceError(
  status: number,
  body: JsonValue,
  text: string,
  headers: ReadonlyMap<string, string>,
): ServiceError {
  const error = field(body, "error");
  const outer = isJsonObject(error) ? error : body;
  const code = innermostCode(outer) ?? textField(body, "error_code") ?? textField(outer, "code") ??
    headers.get("x-ms-error-code") ?? STATUS_CODES[status] ?? `http_${status}`;
  const message = textField(outer, "message") ?? textField(body, "message") ?? textField(body, "detail") ??
    plainText(body, text);
  return {
    code,
    message: scrub(message).slice(0, MAX_MESSAGE).toWellFormed(),
    requestId: requestIdOf(headers) ?? textField(correlationOf(body, outer), "request"),
  };
}

/** The id to quote to the service's support, as the headers tell it. */
export function requestIdOf(headers: ReadonlyMap<string, string>): string | null {
  return headers.get("x-ms-request-id") ?? headers.get("x-request-id") ??
    headers.get("x-ms-correlation-request-id") ?? null;
}

/** A field by name, whatever its case: the MLflow endpoint writes PascalCase. */
function field(value: JsonValue, name: string): JsonValue {
  if (!isJsonObject(value)) return null;
  const key = Object.keys(value).find((key) => key.toLowerCase() === name);
  return key === undefined ? null : value[key] ?? null;
}

function textField(value: JsonValue, name: string): string | null {
  const found = field(value, name);
  return typeof found === "string" && found !== "" ? found : null;
}

function innermostCode(error: JsonValue): string | null {
  let code: string | null = null;
  let inner = field(error, "innererror") ?? infoOf(error, "InnerError");
  for (let depth = 0; depth < MAX_INNER && isJsonObject(inner); depth++) {
    code = textField(inner, "code") ?? code;
    inner = field(inner, "innererror");
  }
  return code;
}

/** The value of an entry of ARM's `additionalInfo`: `[{type, info: {value}}]`. */
function infoOf(error: JsonValue, type: string): JsonValue {
  const infos = field(error, "additionalinfo");
  if (!Array.isArray(infos)) return null;
  const entry = infos.find((info) => textField(info, "type") === type) ?? null;
  return field(field(entry, "info"), "value");
}

function correlationOf(body: JsonValue, outer: JsonValue): JsonObject | null {
  const found = field(body, "correlation") ?? infoOf(outer, "Correlation");
  return isJsonObject(found) ? found : null;
}

/** What a body that is no known envelope says: one line of it, without markup. */
function plainText(body: JsonValue, text: string): string {
  if (typeof body === "string") return body;
  if (body !== null) return "";
  return text.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ").trim().slice(0, 200);
}
