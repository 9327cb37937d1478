import { checkToken } from "../auth/tokens.ts";
import type { AzuriteStorage } from "../azurite/azurite_storage.ts";
import { type ErrorFacts, ServiceError } from "../errors.ts";
import type { Job } from "../front/job.ts";
import type { Settings } from "../settings.ts";
import type { WorkspaceState } from "../state.ts";
import { copyFromUrl } from "./blob_from_url.ts";
import { blobOperation } from "./operation.ts";
import { type BlobPlace, blobPlace } from "./blob_place.ts";
import { sharedKeySignature } from "./shared_key.ts";

/** What blob requests run on. */
export interface BlobGround {
  readonly workspaces: readonly WorkspaceState[];
  readonly storages: ReadonlyMap<string, AzuriteStorage>;
  /** Port of Azurite. */
  readonly port: number;
  readonly settings: Settings;
}

/** Jobs for blobs: passed on to Azurite; bearer tokens are checked here; what Azurite cannot do is done here. */
export function blobResolver(ground: BlobGround): (request: Request, url: URL) => Job | null {
  return (request, url) => {
    const place = blobPlace(url, ground.workspaces);
    if (place === null) return null;
    const { route, effect } = blobOperation(request.method, url, request.headers);
    return {
      route,
      effect,
      workspace: place.workspace.facts.key,
      perform: () => perform(ground, request, url, place),
      refuse: blobError,
    };
  };
}

/** An error as the blob service words it: XML, and the code in a header. */
export function blobError(facts: ErrorFacts): Response {
  const xml = `<?xml version="1.0" encoding="utf-8"?>\n<Error><Code>${facts.code}</Code>` +
    `<Message>${facts.message.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</Message></Error>`;
  return new Response(xml, {
    status: facts.status,
    headers: { "content-type": "application/xml", "x-ms-error-code": facts.code, ...facts.headers },
  });
}

/** What Azurite has not got. */
const FROM_URL = new Set(["blob.put_from_url", "blob.put_block_from_url"]);

async function perform(ground: BlobGround, request: Request, url: URL, place: BlobPlace): Promise<Response> {
  const headers = new Headers(request.headers);
  try {
    const body = request.method === "PUT" || request.method === "POST" ? await request.arrayBuffer() : null;
    const own = checkedHere(ground, request, url, place);
    if (own !== null) headers.delete("authorization");
    const target = addressOf(ground, place, url, own);
    if (FROM_URL.has(blobOperation(request.method, url, request.headers).route)) {
      return await copyFromUrl(ground, request, target);
    }
    redirectSource(ground, headers);
    headers.set("accept-encoding", "identity");
    return await fetch(target, { method: request.method, headers, body, redirect: "manual" });
  } catch (error) {
    if (error instanceof ServiceError) return blobError(error.facts);
    throw error;
  }
}

/**
 * The query that stands for an authorization which has been checked here: bearer tokens, which Azurite refuses over
 * http, and shared keys for a real host name, which Azurite would check against another path, or over a copy source,
 * which is rewritten. Null for all others.
 */
function checkedHere(ground: BlobGround, request: Request, url: URL, place: BlobPlace): string | null {
  const authorization = request.headers.get("authorization") ?? "";
  const storage = ground.storages.get(place.workspace.facts.account);
  if (storage === undefined) return null;
  if (authorization.startsWith("Bearer ")) {
    if (ground.settings.checkTokens) checkBearer(authorization, place.workspace.facts.tenant);
    return storage.ownToken;
  }
  const copies = request.headers.has("x-ms-copy-source");
  if (!authorization.startsWith("SharedKey ") || (place.path === url.pathname && !copies)) return null;
  const expected = `SharedKey ${storage.account}:${sharedKeySignature(request, url, storage)}`;
  if (authorization === expected) return storage.ownToken;
  throw new ServiceError({
    status: 403,
    code: "AuthenticationFailed",
    message: "The signature does not fit.",
  });
}

function checkBearer(authorization: string, tenant: string): void {
  try {
    checkToken(authorization, { kinds: ["storage"], own: [], tenant }, Date.now());
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw new ServiceError({ ...error.facts, code: "InvalidAuthenticationInfo" });
  }
}

/** Azurite's address of what was asked for. */
function addressOf(ground: BlobGround, place: BlobPlace, url: URL, own: string | null): string {
  const query = [url.search.slice(1), own ?? ""].filter((part) => part !== "").join("&");
  return `http://127.0.0.1:${ground.port}${place.path}${query === "" ? "" : `?${query}`}`;
}

/** Copy sources at the emulator are read from Azurite itself, which takes no others. */
function redirectSource(ground: BlobGround, headers: Headers): void {
  const source = headers.get("x-ms-copy-source");
  if (source === null) return;
  const url = URL.parse(source);
  const place = url === null ? null : blobPlace(url, ground.workspaces);
  if (url !== null && place !== null) headers.set("x-ms-copy-source", addressOf(ground, place, url, null));
}
