import type { JsonValue } from "../../../src/records/json.ts";
import { badRequest } from "../errors.ts";

/**
 * The JSON of a request body; null when there is none or it is something else. The bare tokens `NaN`, `Infinity` and
 * `-Infinity` of the v1 client become strings. Throws a 400 `ServiceError` for a body that says it is JSON and is not.
 */
export function parseBody(bytes: Uint8Array, contentType: string | null): JsonValue {
  if (bytes.length === 0) return null;
  if (contentType !== null && !/json|text\/plain/i.test(contentType)) return null;
  const text = new TextDecoder().decode(bytes);
  try {
    return JSON.parse(text);
  } catch {
    return parseLoose(text, contentType);
  }
}

function parseLoose(text: string, contentType: string | null): JsonValue {
  const quoted = text.replaceAll(
    /"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g,
    (token) => token.startsWith('"') ? token : `"${token}"`,
  );
  try {
    return JSON.parse(quoted);
  } catch {
    if (contentType === null || !/json/i.test(contentType)) return null;
    throw badRequest("The request body is not valid JSON.", ["BadArgument", "ArgumentInvalid"]);
  }
}
