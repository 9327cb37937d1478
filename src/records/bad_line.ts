import { errorRecord } from "./error_record.ts";
import { excerpt } from "./excerpt.ts";
import type { Item } from "./item.ts";
import { jsonFault } from "./json_fault.ts";
import { utf8Length } from "./well_formed.ts";

/** Where a bad line was met. */
export interface Where {
  readonly stage: string;
  /** 1-based. */
  readonly line: number;
}

type BadCode = "line_too_long" | "bad_utf8" | "bad_json" | "not_a_record";

const UTF16 = "it looks like UTF-16, as PowerShell 5 writes with >: save it as UTF-8";
const PACKED = "it looks compressed: unpack it first, e.g. gunzip -c or zstd -dc";

/** How compressed files begin (RFC 1952, RFC 8878). */
const MAGIC = [[0x1f, 0x8b], [0x28, 0xb5, 0x2f, 0xfd]];

/** Hints for text that is no JSON, the first that fits. */
const JSON_HINTS: readonly (readonly [fits: (text: string, what: string) => boolean, hint: string])[] = [
  [(text) => text.includes("\0"), UTF16],
  [
    (_text, what) => what.startsWith("NaN"),
    'records write such numbers as strings: "NaN", "Infinity", "-Infinity"',
  ],
  [
    (text) => /^\s*([{}[\]],?$|\s"|[}\]])/.test(text),
    "one record must stand on one line: jq -c writes them so",
  ],
  [
    (_text, what) => what.includes("cut short"),
    "the stream broke off here, or a record was spread over lines",
  ],
];

const LOOK = 'azml reads NDJSON: one JSON object a line, each with a "kind"';

/** The item that stands for a line longer than `cap` bytes; `long` is what it has. */
export function longLine(where: Where, long: number, cap: number): Item {
  return badItem(
    where,
    "line_too_long",
    `line ${where.line} is ${long} bytes long, more than the ${cap} that azml reads; it was left out`,
    "leave large fields out with jq, or split its points into points records of 10,000",
  );
}

/** The item that stands for a line whose bytes are no UTF-8. */
export function badUtf8(where: Where, bytes: Uint8Array): Item {
  const hint = MAGIC.some((magic) => magic.every((byte, at) => bytes[at] === byte))
    ? PACKED
    : looksUtf16(bytes)
    ? UTF16
    : "records are UTF-8; " + LOOK;
  const at = firstBadByte(bytes) + 1;
  return badItem(where, "bad_utf8", `line ${where.line} is not UTF-8 from its byte ${at} on`, hint);
}

/** The item that stands for a line that `JSON.parse` refused. */
export function badJson(where: Where, text: string): Item {
  const fault = jsonFault(text) ?? { at: 0, what: "it nests too deep" };
  const near = excerpt(text, fault.at);
  const message = `line ${where.line} is not JSON, column ${fault.at + 1}: ${fault.what}` +
    (near === null ? "" : ` near: ${near}`);
  const hint = JSON_HINTS.find(([fits]) => fits(text, fault.what))?.[1] ?? LOOK;
  return badItem(where, "bad_json", message, hint);
}

/** The item that stands for JSON that is no record. */
export function notARecord(where: Where, value: unknown): Item {
  return badItem(where, "not_a_record", `line ${where.line} is JSON but no record: ${whyNot(value)}`, LOOK);
}

function whyNot(value: unknown): string {
  if (Array.isArray(value)) return "it is an array (jq -c '.[]' takes it apart)";
  if (typeof value !== "object" || value === null) {
    return `it is ${value === null ? "null" : `a ${typeof value}`}`;
  }
  return "kind" in value ? 'its "kind" is no string' : 'it has no "kind"';
}

function badItem(where: Where, code: BadCode, message: string, hint: string): Item {
  return { record: errorRecord({ ...where, code, message, hint }), line: where.line, bad: true };
}

/** A mark of its byte order, or the zeros that stand between plain letters. */
function looksUtf16(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, 64);
  return (head[0] === 0xff && head[1] === 0xfe) || head.filter((byte) => byte === 0).length > head.length / 4;
}

/** 0-based offset of the first byte that is no UTF-8. */
function firstBadByte(bytes: Uint8Array): number {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  for (let at = text.indexOf("\ufffd"); at >= 0; at = text.indexOf("\ufffd", at + 1)) {
    const byte = utf8Length(text.slice(0, at));
    // U+FFFD may have been in the text as such; its own three bytes are good.
    if (bytes[byte] !== 0xef || bytes[byte + 1] !== 0xbf || bytes[byte + 2] !== 0xbd) return byte;
  }
  return 0;
}
