import type { ContainerClient } from "@azure/storage-blob";
import { telling } from "./blob_failure.ts";
import type { BlobItem } from "./container.ts";

/** Most blobs that the service gives in one page (List Blobs, `maxresults`). */
const PAGE = 5000;

/** MD5 as the service gives it (16 bytes) in lower-case hex; null when it has none. */
export function md5Hex(bytes: Uint8Array | undefined): string | null {
  if (bytes === undefined || bytes.length === 0) return null;
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Directory stubs of accounts with hierarchical namespace: no bytes, and the mark `hdi_isfolder`. */
function isFolder(metadata: Readonly<Record<string, string>> | undefined): boolean {
  return Object.entries(metadata ?? {}).some(([key, value]) =>
    key.toLowerCase() === "hdi_isfolder" && value.toLowerCase() === "true"
  );
}

/** Pages of the blobs below a prefix, directory stubs left out. Throws `Failure` when a page cannot be read. */
export async function* blobListing(
  client: ContainerClient,
  prefix: string,
  where: string,
): AsyncIterable<readonly BlobItem[]> {
  const pages = client.listBlobsFlat({ prefix, includeMetadata: true }).byPage({ maxPageSize: PAGE })
    [Symbol.asyncIterator]();
  while (true) {
    const page = await telling(
      `Listing blobs below ${JSON.stringify(prefix)} in ${where}`,
      () => pages.next(),
    );
    if (page.done) return;
    const items = page.value.segment.blobItems.filter((blob) => !isFolder(blob.metadata));
    if (items.length === 0) continue;
    yield items.map((blob) => ({
      name: blob.name,
      size: blob.properties.contentLength ?? 0,
      md5: md5Hex(blob.properties.contentMD5),
      contentType: blob.properties.contentType ?? null,
    }));
  }
}
