import { badJson, badUtf8, longLine, notARecord } from "./bad_line.ts";
import { isRecord, type Item } from "./item.ts";
import { type Block, isLongLine, lineBlocks } from "./ndjson_lines.ts";
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

// Fatal, because a wrong byte must not become U+FFFD unseen; a BOM is taken off line by line (joined files have several).
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

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
  for await (const block of lineBlocks(chunks, cap)) {
    const items = isLongLine(block)
      ? [longLine({ stage, line: block.line }, block.long, cap)]
      : readBlock(block, stage, cap);
    if (items.length > 0) yield items;
  }
}

/** Reads whole lines: at one go when all is well, line by line when a byte or a length is wrong. */
function readBlock(block: Block, stage: string, cap: number): Item[] {
  const text = block.bytes.length <= cap ? decode(block.bytes) : null;
  const items: Item[] = [];
  if (text === null) {
    readSlowly(block, stage, cap, items);
    return items;
  }
  let line = block.line;
  for (const one of text.split("\n")) {
    const item = readLine(one, line, stage);
    if (item !== null) items.push(item);
    line += 1;
  }
  return items;
}

function readSlowly(block: Block, stage: string, cap: number, items: Item[]): void {
  let line = block.line;
  for (let from = 0; from < block.bytes.length; line += 1) {
    const end = block.bytes.indexOf(LF, from);
    const to = end < 0 ? block.bytes.length : end;
    const bytes = block.bytes.subarray(from, to);
    from = to + 1;
    const text = bytes.length <= cap ? decode(bytes) : "";
    const item = bytes.length > cap
      ? longLine({ stage, line }, bytes.length, cap)
      : text === null
      ? badUtf8({ stage, line }, bytes)
      : readLine(text, line, stage);
    if (item !== null) items.push(item);
  }
}

/** Reads one line without its `\n`; null when it is blank. */
function readLine(text: string, line: number, stage: string): Item | null {
  let raw = text;
  if (raw.charCodeAt(raw.length - 1) === CR) raw = raw.slice(0, -1);
  if (raw.charCodeAt(0) !== OPEN_BRACE) {
    if (raw.charCodeAt(0) === BOM) raw = raw.slice(1);
    if (raw.trim() === "") return null;
  }
  let value: unknown;
  try {
    value = parseLine(raw);
  } catch {
    return badJson({ stage, line }, raw);
  }
  return isRecord(value) ? { record: value, raw, line } : notARecord({ stage, line }, value);
}

function decode(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}
