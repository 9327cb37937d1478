import { bytesOf, type Content } from "../state/files.ts";

const TYPES: Readonly<Record<string, string>> = {
  txt: "text/plain",
  json: "application/json",
  html: "text/html",
  csv: "text/csv",
  png: "image/png",
  yaml: "text/plain",
};

/** How a file is answered; see `artifacts.ts` for who does what. */
export interface FileManner {
  /** `plain` writes the name as it is, `quoted` as newer servers do. */
  readonly name: "plain" | "quoted";
  /** Whether parts are answered (206). */
  readonly ranges: boolean;
  /** Streamed, without a length. */
  readonly streamed?: boolean;
}

/** A file as an attachment; a range of it where the server knows ranges. */
export function fileAnswer(
  path: string,
  content: Content,
  range: string | null,
  manner: FileManner,
): Response {
  const bytes = bytesOf(content);
  const name = path.split("/").at(-1) ?? "";
  const headers = new Headers({
    "content-type": name.includes(".") ? typeOf(name) : name === "MLmodel" ? "text/plain" : typeOf(name),
    "content-disposition": `attachment; filename${manner.name === "plain" ? latin(name) : quoted(name)}`,
  });
  const match = manner.ranges ? /^bytes=(\d+)-(\d*)$/.exec(range ?? "") : null;
  if (match === null) return new Response(manner.streamed ? stream(bytes) : bytes, { headers });
  const from = Number(match[1]);
  if (from >= bytes.length) {
    return new Response(null, { status: 416, headers: { "content-range": `bytes */${bytes.length}` } });
  }
  const to = Math.min(bytes.length - 1, match[2] === "" ? Infinity : Number(match[2]));
  headers.set("content-range", `bytes ${from}-${to}/${bytes.length}`);
  return new Response(bytes.slice(from, to + 1), { status: 206, headers });
}

function typeOf(name: string): string {
  return TYPES[name.split(".").at(-1)?.toLowerCase() ?? ""] ?? "application/octet-stream";
}

function stream(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array> {
  let sent = 0;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(sent, sent += 1 << 20));
    },
  });
}

/** Headers carry Latin-1 alone; real servers fail on other letters here or answer 500. */
function latin(name: string): string {
  return `=${name.replaceAll(/[^\u0020-\u00ff]/g, "?")}`;
}

function quoted(name: string): string {
  if (/^[\u0020-\u007e]*$/.test(name)) return /^[\w.\-+!#$&^`|~*']+$/.test(name) ? `=${name}` : `="${name}"`;
  const plain = name.normalize("NFKD").replaceAll(/[^\u0020-\u007e]/g, "");
  return `=${plain}; filename*=UTF-8''${encodeURIComponent(name)}`;
}
