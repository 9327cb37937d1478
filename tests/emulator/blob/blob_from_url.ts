import { checkToken } from "../auth/tokens.ts";
import { ServiceError } from "../errors.ts";
import { type BlobPlace, blobPlace } from "./blob_place.ts";
import type { BlobGround } from "./blob_resolver.ts";

/**
 * Put Blob From URL and Put Block From URL, which Azurite answers with 501 once it has checked that the caller may
 * write. The source is read with the SAS of its address, or with `x-ms-copy-source-authorization`; ranges are kept.
 * Throws `CannotVerifyCopySource` when the source cannot be read, as the blob service does.
 */
export async function copyFromUrl(
  ground: BlobGround,
  request: Request,
  url: URL,
  target: BlobPlace,
  source: string,
): Promise<Response> {
  const from = await readSource(ground, request, source);
  const headers = targetHeaders(request.headers, from.headers);
  const query = new URLSearchParams();
  for (const name of ["comp", "blockid"]) {
    const value = url.searchParams.get(name);
    if (value !== null) query.set(name, value);
  }
  const token = ground.storages.get(target.workspace.facts.account)?.ownToken ?? "";
  const address = `http://127.0.0.1:${ground.port}${target.path}?${
    query.size === 0 ? "" : `${query}&`
  }${token}`;
  return await fetch(address, { method: "PUT", headers, body: await from.arrayBuffer() });
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
