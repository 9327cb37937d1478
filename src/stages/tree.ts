import type { Stream } from "../records/item.ts";
import { Tally } from "../records/tally.ts";
import { type Arrival, intake } from "./intake.ts";
import type { StageContext } from "./ports.ts";
import { TreePrinter } from "./tree_printer.ts";

const KINDS = ["job", "unit", "receipt", "points"] as const;

/** Kinds that the last line names when nothing else was drawn. */
const NAMED = ["job", "unit", "receipt"] as const;

/**
 * Draws the jobs, units or receipts of a stream as trees: plain text in pieces that each end in a newline, a tree as
 * soon as it has passed, at the end a line that sums up. What is wrong in the stream is told in the log. `tally` is
 * for the caller, who makes the exit code of it. What the input throws is thrown when what came is drawn.
 */
export async function* tree(
  input: Stream,
  ctx: StageContext,
  tally: Tally = new Tally("tree"),
): AsyncGenerator<string, void, undefined> {
  const printer = new TreePrinter();
  let records = 0;
  let stopped: { readonly by: unknown } | null = null;
  try {
    for await (const batch of intake(input, KINDS, tally, ctx)) {
      let text = "";
      for (const arrival of batch) {
        const lines = take(arrival, printer, tally, ctx);
        if (lines === null) continue;
        records++;
        text += joined(lines);
      }
      if (text !== "") yield text;
    }
  } catch (by) {
    stopped = { by };
  }
  const last = joined(printer.finish());
  if (last !== "") yield last;
  if (records > 0) yield `\n${summary(printer.trees, records, tally)}\n`;
  if (stopped !== null) throw stopped.by;
}

/** The lines that a record's coming lets go; null for what has no place in a tree. */
function take(
  arrival: Arrival<(typeof KINDS)[number]>,
  printer: TreePrinter,
  tally: Tally,
  ctx: StageContext,
): readonly string[] | null {
  if (arrival.type !== "record") {
    const { record } = arrival.type === "pass" ? arrival.item : arrival.error;
    if (record.kind === "error") ctx.log.error(String(record["message"]));
    return null;
  }
  tally.out(arrival.record);
  return arrival.record.kind === "points" ? null : printer.add(arrival.record);
}

function joined(lines: readonly string[]): string {
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

function summary(trees: number, records: number, tally: Tally): string {
  const { failed, incomplete, bad_lines: bad, out, in: { error: errors = 0 } } = tally.end(true).counts;
  const noun = NAMED.find((kind) => out[kind] === records) ?? "record";
  const parts = [
    trees === 1 ? "1 tree" : `${trees} trees`,
    records === 1 ? `1 ${noun}` : `${records} ${noun}s`,
    incomplete > 0 ? `${incomplete} incomplete` : "",
    failed + bad > 0 ? `${failed + bad} could not be read` : "",
    errors > 0 ? (errors === 1 ? "1 error before" : `${errors} errors before`) : "",
  ];
  return parts.filter((part) => part !== "").join(", ");
}
