import type { ContainerClient, Pipeline, StorageSharedKeyCredential } from "@azure/storage-blob";
import { systemClock } from "../wire/clock.ts";
import { requestLine } from "../wire/tell.ts";
import { retryAfterMs } from "../wire/retry_after.ts";
import type { CopySource } from "./container.ts";
import type { StorageSdk } from "./storage_sdk.ts";

/** What opens a container. Secrets: never logged, never in a record, never in a message. */
export type ContainerCredential =
  | { readonly kind: "key"; readonly account: string; readonly key: string }
  | { readonly kind: "sas"; readonly sas: string }
  | {
    readonly kind: "token";
    /** Called for each request: keeps and renews the token itself. */
    readonly getToken: () => Promise<{ readonly token: string; readonly expiresOn: number }>;
  };

/** What was spent, added to as it is spent; one object for all containers of a side. */
export interface BlobMeter {
  /** Bytes of blobs copied, however they were copied. */
  bytes: number;
  /** Requests sent, retries included. */
  calls: number;
  /** Told of each try when it has ended, without secrets. */
  readonly told?: ((message: string) => void) | undefined;
}

/** Retry and polling pace; tests shorten it. */
export interface BlobPace {
  /** Milliseconds between looks at an asynchronous copy. */
  readonly pollMs: number;
  /** First wait before a request is sent again, in milliseconds; doubles from there. */
  readonly retryMs: number;
}

/** How long another service may read a blob by a SAS that azml signed: asynchronous copies of big blobs take hours. */
const SOURCE_SAS_MS = 6 * 60 * 60 * 1000;

/** The longest wait that a storage service may ask for. */
const PATIENCE_MS = 60_000;

/** A container client that carries its credential, and the way to let another service read from it. */
export interface OpenedClient {
  readonly client: ContainerClient;
  /** `name` must have passed `blobName`. */
  copySource(name: string): Promise<CopySource>;
}

type Factory = Pipeline["factories"][number];
type Policy = ReturnType<Factory["create"]>;
type Sent = Parameters<Policy["sendRequest"]>[0];
type Answer = Awaited<ReturnType<Policy["sendRequest"]>>;

/**
 * A policy that sees each try of a request. The library puts policies from outside before its retry, all but those of
 * one name, which go behind it; without that name retries would not be counted and would keep an old token.
 */
function eachTry(look: (request: Sent) => Promise<void>, told: BlobMeter["told"]): Factory {
  const factory: Factory = {
    create: (next) => ({
      sendRequest: async (request) => {
        await look(request);
        const started = performance.now();
        const answer = await next.sendRequest(request);
        told?.(requestLine(request.method, new URL(request.url), answer.status, started));
        return await throttled(answer);
      },
    }),
  };
  Object.defineProperty(factory, "constructor", { value: { name: "InjectorPolicyFactory" } });
  return factory;
}

/**
 * The library sends again after 503 but not after 429, and waits by its own pace alone: the wait that the service asks
 * for is kept here, and 429 goes on as the 503 that means the same.
 */
async function throttled(answer: Answer): Promise<Answer> {
  if (answer.status !== 429 && answer.status !== 503) return answer;
  const wait = retryAfterMs((name) => answer.headers.get(name), systemClock.now());
  if (wait !== null) await systemClock.sleep(Math.min(wait, PATIENCE_MS));
  answer.status = 503;
  return answer;
}

type Opener<C extends ContainerCredential> = (
  sdk: StorageSdk,
  url: string,
  credential: C,
  pipelineOf: (credential?: StorageSharedKeyCredential, authorize?: () => Promise<string>) => Pipeline,
) => OpenedClient;

const openWithKey: Opener<Extract<ContainerCredential, { kind: "key" }>> = (
  sdk,
  url,
  credential,
  pipelineOf,
) => {
  const shared = new sdk.StorageSharedKeyCredential(credential.account, credential.key);
  const client = new sdk.ContainerClient(url, pipelineOf(shared));
  const sign = (name: string) =>
    sdk.generateBlobSASQueryParameters({
      containerName: client.containerName,
      blobName: name,
      permissions: sdk.BlobSASPermissions.parse("r"),
      expiresOn: new Date(Date.now() + SOURCE_SAS_MS),
    }, shared).toString();
  return {
    client,
    copySource: (name) => Promise.resolve({ url: `${client.getBlobClient(name).url}?${sign(name)}` }),
  };
};

const openWithSas: Opener<Extract<ContainerCredential, { kind: "sas" }>> = (
  sdk,
  url,
  credential,
  pipelineOf,
) => {
  const client = new sdk.ContainerClient(`${url}?${credential.sas.replace(/^\?/, "")}`, pipelineOf());
  return { client, copySource: (name) => Promise.resolve({ url: client.getBlobClient(name).url }) };
};

/**
 * The storage library refuses token credentials over plain http even on loopback, so the header is set here.
 * That tokens never leave over http to another host is the trust rule of whoever hands out `getToken`.
 */
const openWithToken: Opener<Extract<ContainerCredential, { kind: "token" }>> = (
  sdk,
  url,
  credential,
  pipelineOf,
) => {
  const authorization = async () => `Bearer ${(await credential.getToken()).token}`;
  const client = new sdk.ContainerClient(url, pipelineOf(undefined, authorization));
  return {
    client,
    copySource: async (name) => ({
      url: client.getBlobClient(name).url,
      authorization: await authorization(),
    }),
  };
};

/** Opens the container's client with the credential that is given, counting requests on `meter`. */
export function openClient(
  sdk: StorageSdk,
  url: string,
  credential: ContainerCredential,
  meter: BlobMeter,
  pace: BlobPace,
): OpenedClient {
  const pipelineOf = (shared?: StorageSharedKeyCredential, authorize?: () => Promise<string>) => {
    const pipeline = sdk.newPipeline(shared ?? new sdk.AnonymousCredential(), {
      retryOptions: { maxTries: 5, retryDelayInMs: pace.retryMs },
    });
    pipeline.factories.push(eachTry(async (request) => {
      meter.calls += 1;
      if (authorize !== undefined) request.headers.set("authorization", await authorize());
    }, meter.told));
    return pipeline;
  };
  switch (credential.kind) {
    case "key":
      return openWithKey(sdk, url, credential, pipelineOf);
    case "sas":
      return openWithSas(sdk, url, credential, pipelineOf);
    case "token":
      return openWithToken(sdk, url, credential, pipelineOf);
  }
}
