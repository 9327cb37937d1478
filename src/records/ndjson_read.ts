import { badJson, badUtf8, longLine, notARecord } from "./bad_line.ts";
import { isRecord, type Item } from "./item.ts";
import { type Block, isLongLine, lineBlocks } from "./ndjson_lines.ts";
import { mayHoldLongInteger } from "./long_integer.ts";
import { parseLine } from "./parse_line.ts";

/** Longest line that is read, in bytes without `\n`. */
export const READ_CAP = 64 * 1024 * 1024;

/** How {@linkcode readItems} reads. */
export interface ReadOptions {
  /** Longest line in bytes; {@linkcode READ_CAP} when absent. */
  readonly lineCap?: number;
}

const LF = 0x0a;
const BOM = 0xfeff;
const CR = 0x0d;
const OPEN_BRACE = 0x7b;

// A BOM is taken off line by line: joined files have several.
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });

/** What a lenient decoder puts in the place of wrong bytes; it may also stand in the text. */
const REPLACEMENT = "\ufffd";

/**
 * Reads NDJSON from chunks of bytes, cut anywhere: a batch of items for the lines that a chunk completed. A CR before
 * the line's end, a BOM before a line and blank lines are no part of the records. A line that is no record becomes an
 * `error` item with `bad: true` (codes `line_too_long`, `bad_utf8`, `bad_json`, `not_a_record`), and the stream goes
 * on. Items keep their text in `raw`; that text shares the memory of its whole chunk, so what is kept for long should
 * go through a `Spool`. Throws only what `chunks` throws.
 */
export async function* readItems(
  chunks: AsyncIterable<Uint8Array>,
  stage: string,
  options: ReadOptions = {},
): AsyncGenerator<readonly Item[], void, undefined> {
  const cap = options.lineCap ?? READ_CAP;
  let line = 1;
  for await (const block of lineBlocks(chunks, cap)) {
    const items: Item[] = [];
    if (isLongLine(block)) items.push(longLine({ stage, line: line++ }, block.long, cap));
    else line += readBlock(block, { line, stage, cap }, items);
    if (items.length > 0) yield items;
  }
}

/** {@linkcode parseLine}, or a plain parse where no line can need more. */
type Parse = (line: string) => unknown;

/** Where a block stands, and how long its lines may be. */
interface Place {
  /** 1-based number of its first line. */
  readonly line: number;
  readonly stage: string;
  readonly cap: number;
}

/**
 * Reads whole lines into `items`: at one go when all is well, line by line when a byte or a length is wrong. Answers
 * how many lines there were.
 */
function readBlock(bytes: Block, place: Place, items: Item[]): number {
  const text = bytes.length <= place.cap ? decode(bytes) : null;
  if (text === null) return readSlowly(bytes, place, items);
  const lines = text.split("\n");
  // Behind the last `\n` there is no line.
  const count = lines.at(-1) === "" ? lines.length - 1 : lines.length;
  const parse: Parse = mayHoldLongInteger(bytes) ? parseLine : JSON.parse;
  for (let i = 0; i < count; i++) {
    const item = readLine(lines[i] ?? "", place.line + i, place.stage, parse);
    if (item !== null) items.push(item);
  }
  return count;
}

function readSlowly(block: Block, { line: first, stage, cap }: Place, items: Item[]): number {
  let line = first;
  for (let from = 0; from < block.length; line += 1) {
    const end = block.indexOf(LF, from);
    const to = end < 0 ? block.length : end;
    const bytes = block.subarray(from, to);
    from = to + 1;
    const text = bytes.length <= cap ? decode(bytes) : "";
    const item = bytes.length > cap
      ? longLine({ stage, line }, bytes.length, cap)
      : text === null
      ? badUtf8({ stage, line }, bytes)
      : readLine(text, line, stage, parseLine);
    if (item !== null) items.push(item);
  }
  return line - first;
}

/** Reads one line without its `\n`; null when it is blank. */
function readLine(text: string, line: number, stage: string, parse: Parse): Item | null {
  let raw = text;
  if (raw.charCodeAt(raw.length - 1) === CR) raw = raw.slice(0, -1);
  if (raw.charCodeAt(0) !== OPEN_BRACE) {
    if (raw.charCodeAt(0) === BOM) raw = raw.slice(1);
    if (raw.trim() === "") return null;
  }
  let value: unknown;
  try {
    value = parse(raw);
  } catch {
    return badJson({ stage, line }, raw);
  }
  return isRecord(value) ? { record: value, raw, line } : notARecord({ stage, line }, value);
}

/** The text of UTF-8; null when a byte is wrong. The strict decoder is seven times slower, so it has only the last word. */
function decode(bytes: Uint8Array): string | null {
  const text = lenient.decode(bytes);
  if (!text.includes(REPLACEMENT)) return text;
  try {
    return strict.decode(bytes);
  } catch {
    return null;
  }
}
