import { checkToken } from "../auth/tokens.ts";
import { ServiceError } from "../errors.ts";
import { type BlobPlace, blobPlace } from "./blob_place.ts";
import type { BlobGround } from "./blob_resolver.ts";

/**
 * Put Blob From URL and Put Block From URL, which Azurite has not got: the source is read with the SAS of its address,
 * or with `x-ms-copy-source-authorization`, in the range that is asked for, and put to `target`, Azurite's address with
 * whatever the caller brought to write there. Throws `CannotVerifyCopySource` when the source cannot be read, and
 * answers 501, as Azurite does, when the settings say so.
 */
export async function copyFromUrl(ground: BlobGround, request: Request, target: string): Promise<Response> {
  if (!ground.settings.blobFromUrl) {
    throw new ServiceError({
      status: 501,
      code: "APINotImplemented",
      message: "Current API is not implemented yet.",
    });
  }
  const from = await readSource(ground, request, request.headers.get("x-ms-copy-source") ?? "");
  const headers = targetHeaders(request.headers, from.headers);
  return await fetch(target, { method: "PUT", headers, body: await from.arrayBuffer() });
}

async function readSource(ground: BlobGround, request: Request, source: string): Promise<Response> {
  const url = URL.parse(source);
  const place = url === null ? null : blobPlace(url, ground.workspaces);
  if (url === null || place === null) throw cannotVerify(404, "The specified resource does not exist.");
  const headers = new Headers({ "x-ms-version": "2021-08-06", "accept-encoding": "identity" });
  const range = request.headers.get("x-ms-source-range");
  if (range !== null) headers.set("x-ms-range", range);
  const token = sourceToken(ground, request, place);
  const query = [url.search.slice(1), token].filter((part) => part !== "").join("&");
  const answer = await fetch(`http://127.0.0.1:${ground.port}${place.path}?${query}`, { headers });
  if (answer.ok) return answer;
  await answer.body?.cancel();
  throw cannotVerify(answer.status, `The source answered ${answer.status}.`);
}

/** What lets the emulator read the source on behalf of a bearer token for it. */
function sourceToken(ground: BlobGround, request: Request, place: BlobPlace): string {
  const authorization = request.headers.get("x-ms-copy-source-authorization");
  if (authorization === null) return "";
  const { tenant, account } = place.workspace.facts;
  try {
    if (ground.settings.checkTokens) {
      checkToken(authorization, { kinds: ["storage"], own: [], tenant }, Date.now());
    }
  } catch (error) {
    if (error instanceof ServiceError) throw cannotVerify(401, error.message);
    throw error;
  }
  return ground.storages.get(account)?.ownToken ?? "";
}

function cannotVerify(status: number, message: string): ServiceError {
  return new ServiceError({ status, code: "CannotVerifyCopySource", message });
}

/** Headers of the PUT: the caller's own for the blob, else those of the source. */
function targetHeaders(asked: Headers, source: Headers): Headers {
  const headers = new Headers({ "x-ms-version": asked.get("x-ms-version") ?? "2021-08-06" });
  for (const [name, value] of asked) {
    if (/^(x-ms-blob-|x-ms-meta-|x-ms-tags|x-ms-access-tier|if-|x-ms-client-request-id)/.test(name)) {
      headers.set(name, value);
    }
  }
  const type = asked.get("x-ms-blob-content-type") ?? source.get("content-type");
  if (type !== null && asked.has("x-ms-blob-type")) headers.set("x-ms-blob-content-type", type);
  if (asked.has("x-ms-blob-type")) {
    for (const [name, value] of source) {
      const own = [...asked.keys()].some((key) => key.startsWith("x-ms-meta-"));
      if (!own && name.startsWith("x-ms-meta-")) headers.set(name, value);
    }
  }
  return headers;
}
