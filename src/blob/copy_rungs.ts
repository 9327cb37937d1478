import type { BlockBlobClient } from "@azure/storage-blob";
import { md5Hex } from "./blob_listing.ts";
import { putStream } from "./put_stream.ts";
import type { BlobItem, CopySource, ReadableStore } from "./container.ts";
import type { BlobPace } from "./credential.ts";
import { Failure } from "../records/failure.ts";

/** One copy that is wanted. */
export interface CopyWanted {
  readonly client: BlockBlobClient;
  readonly from: { readonly container: ReadableStore; readonly name: string };
  /** What the source's listing or HEAD said of the blob. */
  readonly source: BlobItem;
  /** Overwrite what is there, or be refused with 409. */
  readonly overwrite: boolean;
  readonly pace: BlobPace;
}

/** One way to copy a blob. */
export interface Rung {
  readonly name: string;
  /** Whether the target's service reads the source itself: not every source lets it. */
  readonly remote: boolean;
  /** Biggest blob that it takes, in bytes. */
  readonly maxBytes: number;
  /** Answers the MD5 (hex) of what arrived, where that is told. Throws what the storage library throws, or `Failure`. */
  readonly copy: (wanted: CopyWanted) => Promise<string | null>;
}

const MIB = 1024 * 1024;

/** How many bytes a block list can hold at the block size of {@linkcode putStream}: no limit that matters here. */
const ANY_SIZE = Number.MAX_SAFE_INTEGER;

/**
 * The copy ladder, best first. Sizes: Put Blob From URL 5000 MiB, Copy Blob From URL 256 MiB (Blob service REST,
 * pages of these operations). The first three move no byte through this machine; the target's service reads the
 * source, which its firewall or another tenant may refuse, and then the last one streams.
 */
export const RUNGS: readonly Rung[] = [
  { name: "put_blob_from_url", remote: true, maxBytes: 5000 * MIB, copy: putFromUrl },
  { name: "copy_blob_from_url", remote: true, maxBytes: 256 * MIB, copy: copyFromUrl },
  { name: "copy_blob", remote: true, maxBytes: ANY_SIZE, copy: copyAsync },
  { name: "stream", remote: false, maxBytes: ANY_SIZE, copy: copyStreamed },
];

function conditions(wanted: CopyWanted): { ifNoneMatch?: string } {
  return wanted.overwrite ? {} : { ifNoneMatch: "*" };
}

function bearer(source: CopySource): { sourceAuthorization?: { scheme: string; value: string } } {
  if (source.authorization === undefined) return {};
  const [scheme = "Bearer", ...rest] = source.authorization.split(" ");
  return { sourceAuthorization: { scheme, value: rest.join(" ") } };
}

async function copySource({ from }: CopyWanted): Promise<CopySource> {
  if (from.container.copySource === undefined) throw new Error("a remote rung for a store without addresses");
  return await from.container.copySource(from.name);
}

async function putFromUrl(wanted: CopyWanted): Promise<string | null> {
  const source = await copySource(wanted);
  const options = { conditions: conditions(wanted), ...bearer(source) };
  return md5Hex((await wanted.client.syncUploadFromURL(source.url, options)).contentMD5);
}

async function copyFromUrl(wanted: CopyWanted): Promise<string | null> {
  const source = await copySource(wanted);
  const options = { conditions: conditions(wanted), ...bearer(source) };
  return md5Hex((await wanted.client.syncCopyFromURL(source.url, options)).contentMD5);
}

async function copyAsync(wanted: CopyWanted): Promise<string | null> {
  const source = await copySource(wanted);
  const poller = await wanted.client.beginCopyFromURL(source.url, {
    conditions: conditions(wanted),
    intervalInMs: wanted.pace.pollMs,
  });
  const done = await poller.pollUntilDone();
  if (done.copyStatus === "success") return null;
  throw new Failure(`The storage service ended its copy with status "${done.copyStatus ?? "unknown"}".`, {
    code: "copy_not_done",
    reach: "record",
    retryable: true,
  });
}

async function copyStreamed(wanted: CopyWanted): Promise<string | null> {
  const content = await wanted.from.container.read(wanted.from.name);
  return await putStream(wanted.client, content, {
    contentType: wanted.source.contentType,
    md5: wanted.source.md5,
    overwrite: wanted.overwrite,
  });
}
