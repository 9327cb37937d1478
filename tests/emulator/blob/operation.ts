/** What a blob request does. */
export interface BlobOperation {
  /** Name of the route, for logs and fault rules. */
  readonly route: string;
  readonly effect: "read" | "write";
}

type Rule = readonly [
  method: string,
  fits: (query: URLSearchParams, headers: Headers) => boolean,
  name: string,
];

const comp = (word: string) => (query: URLSearchParams) => query.get("comp") === word;
const source = (headers: Headers) => headers.has("x-ms-copy-source");

/** The first rule that fits names the operation (Azure blob service REST). */
const RULES: readonly Rule[] = [
  ["GET", comp("list"), "blob.list"],
  ["GET", comp("blocklist"), "blob.get_block_list"],
  ["GET", () => true, "blob.get"],
  ["HEAD", () => true, "blob.head"],
  ["PUT", (query, headers) => query.get("comp") === "block" && source(headers), "blob.put_block_from_url"],
  ["PUT", comp("block"), "blob.put_block"],
  ["PUT", comp("blocklist"), "blob.put_block_list"],
  ["PUT", comp("appendblock"), "blob.append_block"],
  ["PUT", comp("metadata"), "blob.set_metadata"],
  ["PUT", comp("properties"), "blob.set_properties"],
  ["PUT", comp("copy"), "blob.abort_copy"],
  ["PUT", (query) => query.get("restype") === "container", "blob.create_container"],
  ["PUT", (_, headers) => source(headers) && headers.has("x-ms-requires-sync"), "blob.copy_sync"],
  ["PUT", (_, headers) => source(headers) && headers.has("x-ms-blob-type"), "blob.put_from_url"],
  ["PUT", (_, headers) => source(headers), "blob.copy_async"],
  ["PUT", () => true, "blob.put"],
  ["DELETE", (query) => query.get("restype") === "container", "blob.delete_container"],
  ["DELETE", () => true, "blob.delete"],
  ["POST", comp("userdelegationkey"), "blob.user_delegation_key"],
];

const READING = new Set(["blob.user_delegation_key"]);

/** Names what a blob request does, and judges whether it changes anything. */
export function blobOperation(method: string, url: URL, headers: Headers): BlobOperation {
  const [, , route = "blob.other"] =
    RULES.find(([word, fits]) => word === method && fits(url.searchParams, headers)) ??
      [];
  const reads = method === "GET" || method === "HEAD" || READING.has(route);
  return { route, effect: reads ? "read" : "write" };
}
