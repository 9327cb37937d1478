import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import type { BlockBlobClient } from "@azure/storage-blob";
import { Failure } from "../records/failure.ts";

/** Bytes of a block. 50,000 of them (the service's limit) make 390 GiB; two are held at a time. */
const BLOCK = 8 * 1024 * 1024;

/** Reads a stream in pieces of exactly {@linkcode BLOCK} bytes, the last one shorter; one empty piece when it is empty. */
async function* blocksOf(content: ReadableStream<Uint8Array>): AsyncIterable<Uint8Array> {
  let block = new Uint8Array(BLOCK);
  let filled = 0;
  let given = false;
  for await (const chunk of content) {
    let rest = chunk;
    while (rest.length > 0) {
      const taken = rest.subarray(0, BLOCK - filled);
      block.set(taken, filled);
      filled += taken.length;
      rest = rest.subarray(taken.length);
      if (filled < BLOCK) continue;
      yield block;
      given = true;
      block = new Uint8Array(BLOCK);
      filled = 0;
    }
  }
  if (filled > 0 || !given) yield block.subarray(0, filled);
}

/** How the blob shall be. */
export interface StreamedBlob {
  readonly contentType: string | null;
  /** Lower-case hex of what shall come; another content is not committed. Null when nobody knows. */
  readonly md5: string | null;
  readonly overwrite: boolean;
}

/**
 * Writes a stream as a block blob: content that fits one block whole, anything longer in blocks, reading one while
 * the one before is sent. The blob gets its MD5 (the service makes none for block lists). Throws `Failure` when the
 * content is not the expected one; then nothing is committed. Answers the MD5 in hex.
 */
export async function putStream(
  client: BlockBlobClient,
  content: ReadableStream<Uint8Array>,
  wanted: StreamedBlob,
): Promise<string> {
  const hash = createHash("md5");
  const conditions = wanted.overwrite ? {} : { ifNoneMatch: "*" };
  const type = wanted.contentType === null ? {} : { blobContentType: wanted.contentType };
  const ids: string[] = [];
  let staging: Promise<unknown> = Promise.resolve();
  let first: Uint8Array | null = null;
  for await (const block of blocksOf(content)) {
    hash.update(block);
    if (ids.length === 0 && first === null) {
      first = block;
      continue;
    }
    if (first !== null) {
      staging = stage(client, ids, first);
      first = null;
    }
    await staging;
    staging = stage(client, ids, block);
    staging.catch(() => {}); // looked at by the `await` above or below; a read that fails first must not leave it unseen
  }
  await staging;
  const md5 = hash.digest();
  sameContent(md5.toString("hex"), wanted.md5);
  const blobHTTPHeaders = { ...type, blobContentMD5: new Uint8Array(md5) };
  if (first !== null) await client.upload(first, first.length, { blobHTTPHeaders, conditions });
  else await client.commitBlockList(ids, { blobHTTPHeaders, conditions });
  return md5.toString("hex");
}

function stage(client: BlockBlobClient, ids: string[], block: Uint8Array): Promise<unknown> {
  const id = Buffer.from(String(ids.length).padStart(8, "0")).toString("base64");
  ids.push(id);
  return client.stageBlock(id, block, block.length);
}

function sameContent(got: string, expected: string | null): void {
  if (expected === null || got === expected) return;
  throw new Failure(`The bytes that came have MD5 ${got}, expected was ${expected}.`, {
    code: "content_changed",
    reach: "record",
    retryable: true,
    hint: "The blob changed while it was read, or was cut: run it again.",
  });
}
