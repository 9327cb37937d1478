import { Failure } from "./failure.ts";
import type { Item } from "./item.ts";
import { needsRewriting, protocolValue } from "./protocol_value.ts";
import { recordId } from "./record_id.ts";
import { utf8Length } from "./well_formed.ts";

/** Longest line that is written, in bytes without `\n`. */
export const WRITE_CAP = 16 * 1024 * 1024;

/** What a lone surrogate looks like in the text that `JSON.stringify` makes. */
const LONE_SURROGATE = "\\ud";

/**
 * The line of an item, without `\n`: its `raw` while nothing changed it, else JSON as the protocol has it (non-finite
 * numbers and whole numbers beyond 2^53 as strings, well-formed Unicode).
 * Throws `Failure` `record_too_large` for a line above 16 MiB, and `record_too_deep` for one that cannot be written.
 */
export function encodeItem(item: Item): string {
  const line = item.raw ?? encodeRecord(item);
  // Three bytes a UTF-16 unit is the most there can be; only what may be too long is counted.
  if (line.length * 3 > WRITE_CAP) refuseAbove(WRITE_CAP, item, utf8Length(line));
  return line;
}

function encodeRecord(item: Item): string {
  const { record } = item;
  try {
    const line = JSON.stringify(needsRewriting(record) ? protocolValue(record) : record);
    return line.includes(LONE_SURROGATE) ? JSON.stringify(protocolValue(record)) : line;
  } catch (cause) {
    // The engine's two limits: how deep values nest, and half a gigabyte a string.
    if (!(cause instanceof RangeError)) throw cause;
    throw new Failure(`could not write ${name(item)} as a line: ${cause.message}`, {
      code: "record_too_deep",
      reach: "record",
      hint: "leave the deeply nested field out with jq",
      retryable: false,
      cause,
    });
  }
}

function refuseAbove(cap: number, item: Item, bytes: number): void {
  if (bytes <= cap) return;
  throw new Failure(`${name(item)} is ${bytes} bytes as a line, more than the ${cap} that azml writes`, {
    code: "record_too_large",
    reach: "record",
    hint: `its largest field is "${
      largestField(item)
    }": leave it out, or let points follow in points records`,
    retryable: false,
  });
}

function largestField(item: Item): string {
  let largest = { field: "", size: -1 };
  for (const [field, value] of Object.entries(item.record)) {
    const size = JSON.stringify(value)?.length ?? 0;
    if (size > largest.size) largest = { field, size };
  }
  return largest.field;
}

function name(item: Item): string {
  const id = recordId(item.record);
  return id === undefined ? item.record.kind : `${item.record.kind} "${id.slice(0, 255)}"`;
}
