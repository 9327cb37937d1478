import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";

const SIGNED = [
  "content-encoding",
  "content-language",
  "content-length",
  "content-md5",
  "content-type",
  "date",
  "if-modified-since",
  "if-match",
  "if-none-match",
  "if-unmodified-since",
  "range",
] as const;

/** The signature that a request for `https://<account>.blob...` must carry (Azure storage, Shared Key, 2015-02-21 on). */
export function sharedKeySignature(
  request: Request,
  url: URL,
  account: { account: string; key: string },
): string {
  const value = (name: string) => {
    const header = request.headers.get(name) ?? "";
    return name === "content-length" && header === "0" ? "" : header;
  };
  const own = [...request.headers].filter(([name]) => name.startsWith("x-ms-")).sort(([a], [b]) =>
    a < b ? -1 : 1
  );
  const query = new Map<string, string[]>();
  for (const [name, item] of url.searchParams) {
    const key = name.toLowerCase();
    query.set(key, [...query.get(key) ?? [], item]);
  }
  const text = [
    request.method,
    ...SIGNED.map(value),
    ...own.map(([name, item]) => `${name}:${item.trim()}`),
    `/${account.account}${url.pathname}`,
    ...[...query.keys()].sort().map((name) => `${name}:${(query.get(name) ?? []).sort().join(",")}`),
  ].join("\n");
  return createHmac("sha256", Buffer.from(account.key, "base64")).update(text, "utf8").digest("base64");
}
