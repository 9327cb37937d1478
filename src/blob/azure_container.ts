import type { ContainerClient } from "@azure/storage-blob";
import { storageFault, telling } from "./blob_failure.ts";
import { blobListing, md5Hex } from "./blob_listing.ts";
import { blobName } from "./blob_name.ts";
import type { BlobContainer, BlobItem } from "./container.ts";
import { copyLadder } from "./copy_ladder.ts";
import { type BlobMeter, type BlobPace, type ContainerCredential, openClient } from "./credential.ts";
import { storageSdk } from "./storage_sdk.ts";

/** How often the library picks a download up again where it broke off. */
const RESUMES = 5;

/** A container of Azure blob storage (see `openContainer`). */
export async function azureContainer(
  where: { readonly endpoint: string; readonly container: string },
  credential: ContainerCredential,
  meter: BlobMeter,
  pace: BlobPace,
): Promise<BlobContainer> {
  const sdk = await storageSdk();
  const endpoint = where.endpoint.replace(/\/+$/, "");
  const place = `${endpoint}/${where.container}`;
  const opened = openClient(
    sdk,
    `${endpoint}/${encodeURIComponent(where.container)}`,
    credential,
    meter,
    pace,
  );
  const { client } = opened;
  const head = (name: string) => headBlob(client, blobName(name), place);
  const ladder = copyLadder({
    where: place,
    meter,
    pace,
    client: (name) => client.getBlockBlobClient(blobName(name)),
    head,
  });
  return {
    endpoint,
    name: where.container,
    list: (prefix) => blobListing(client, prefix, place),
    head,
    read: (name) => readBlob(client, blobName(name), place),
    copySource: async (name) => await opened.copySource(blobName(name)),
    put: async (name, content, contentType) => {
      const blob = client.getBlockBlobClient(blobName(name));
      await telling(
        `Writing "${name}" to ${place}`,
        () => blob.upload(content, content.length, { blobHTTPHeaders: { blobContentType: contentType } }),
      );
    },
    copyFrom: ladder,
  };
}

async function headBlob(client: ContainerClient, name: string, place: string): Promise<BlobItem | null> {
  return await telling(`Looking at "${name}" in ${place}`, async () => {
    try {
      const found = await client.getBlobClient(name).getProperties();
      return {
        name,
        size: found.contentLength ?? 0,
        md5: md5Hex(found.contentMD5),
        contentType: found.contentType ?? null,
      };
    } catch (thrown) {
      const fault = storageFault(thrown);
      if (fault?.status === 404 && fault.code !== "ContainerNotFound") return null;
      throw thrown;
    }
  });
}

async function readBlob(
  client: ContainerClient,
  name: string,
  place: string,
): Promise<ReadableStream<Uint8Array>> {
  const tried = `Reading "${name}" in ${place}`;
  const answer = await telling(
    tried,
    () => client.getBlobClient(name).download(undefined, undefined, { maxRetryRequests: RESUMES }),
  );
  return ReadableStream.from(chunks(answer.readableStreamBody, tried));
}

/** The library's stream as bytes; ends the download when the reader stops early. */
async function* chunks(
  body: NodeJS.ReadableStream | undefined,
  tried: string,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  if (body === undefined) return;
  const pieces = body[Symbol.asyncIterator]();
  try {
    while (true) {
      const piece = await telling(tried, () => pieces.next());
      if (piece.done) return;
      yield typeof piece.value === "string"
        ? new TextEncoder().encode(piece.value)
        : new Uint8Array(piece.value);
    }
  } finally {
    await pieces.return?.();
  }
}
