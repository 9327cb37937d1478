import { Failure } from "../records/failure.ts";
import { type AnyRecord, isRecord, type Item, type Stream } from "../records/item.ts";
import type { StageContext } from "./ports.ts";

/** How many items are given on at once. */
const BATCH = 64;

/**
 * Takes the whole input aside (memory, then a temporary file) and gives it on only when its last `end`, and every
 * other, says that it is complete. Throws `Failure` (exit 3) otherwise, before anything was given on.
 */
export async function* requireComplete(input: Stream, ctx: Pick<StageContext, "spool">): Stream {
  const spool = ctx.spool();
  try {
    let ends = 0;
    let isComplete = true;
    for await (const batch of input) {
      for (const item of batch) {
        if (item.record.kind === "end") {
          ends++;
          isComplete &&= item.record["complete"] === true;
        }
        await spool.append(envelope(item));
      }
    }
    if (ends === 0 || !isComplete) throw cutShort(ends);
    let items: Item[] = [];
    for await (const text of spool.read()) {
      if (items.push(opened(text)) < BATCH) continue;
      yield items;
      items = [];
    }
    if (items.length > 0) yield items;
  } finally {
    await spool.close();
  }
}

/** What surrounds a line, then the line, so that it is given on as it came. */
function envelope({ raw, line, bad, record }: Item): string {
  const facts = JSON.stringify([raw === undefined ? 0 : 1, line ?? 0, bad === true ? 1 : 0]);
  // A line that is no record has no text of its own here: the error made of it goes on.
  return `${facts} ${raw !== undefined && bad !== true ? raw : JSON.stringify(record)}`;
}

function opened(text: string): Item {
  const cut = text.indexOf(" ");
  // Both halves were written by `envelope`.
  const [hasRaw, line, bad] = JSON.parse(text.slice(0, cut)) as [number, number, number];
  const body = text.slice(cut + 1);
  const parsed: unknown = JSON.parse(body);
  const record: AnyRecord = isRecord(parsed) ? parsed : { kind: "unknown" };
  return {
    record,
    ...(hasRaw === 1 && bad === 0 ? { raw: body } : {}),
    ...(line > 0 ? { line } : {}),
    ...(bad === 1 ? { bad: true } : {}),
  };
}

function cutShort(ends: number): Failure {
  const what = ends === 0
    ? "the input has no end record: it may have been cut short"
    : "the input says that it is not complete: a stage before was interrupted or could not go on";
  return new Failure(`${what}; nothing was sent`, {
    code: "input_incomplete",
    reach: "record",
    retryable: true,
    hint: "run the stages before again, or leave --require-complete out",
  });
}
