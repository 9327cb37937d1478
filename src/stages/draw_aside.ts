import type { AnyRecord, Stream } from "../records/item.ts";
import type { TreeRecord } from "./tree_node.ts";
import { TreePrinter } from "./tree_printer.ts";

const DRAWN = new Set(["job", "unit", "receipt"]);

/** Passes a stream on as it is, and draws its jobs, units or receipts as trees beside it, each as it has passed. */
export async function* drawAside(stream: Stream, draw: (text: string) => void): Stream {
  const printer = new TreePrinter();
  for await (const batch of stream) {
    for (const { record } of batch) {
      if (isDrawn(record)) say(printer.add(record), draw);
    }
    yield batch;
  }
  say(printer.finish(), draw);
}

/** Records behind a stage were checked by it: their kind tells their shape. */
function isDrawn(record: AnyRecord): record is TreeRecord {
  return DRAWN.has(record.kind);
}

function say(lines: readonly string[], draw: (text: string) => void): void {
  if (lines.length > 0) draw(`${lines.join("\n")}\n`);
}
