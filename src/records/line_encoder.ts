import { type EndRecord, endSchema } from "./end.ts";
import { failureRecord } from "./error_record.ts";
import { Failure } from "./failure.ts";
import type { Item } from "./item.ts";
import { encodeItem } from "./ndjson_write.ts";
import { recordId } from "./record_id.ts";

/**
 * Writes the items of one stage as text. A record that cannot be written (above 16 MiB) becomes an `error` line in its
 * place, and the stage's own `end` is put right: that record failed, it did not go out.
 */
export class LineEncoder {
  readonly #stage: string;
  readonly #unwritten = new Map<string, number>();

  constructor(stage: string) {
    this.#stage = stage;
  }

  /** The lines of a batch, each with its `\n`. */
  encode(items: readonly Item[]): string {
    let text = "";
    for (const item of items) text += this.#line(item) + "\n";
    return text;
  }

  #line(item: Item): string {
    const { record } = item;
    if (record.kind === "end" && this.#unwritten.size > 0 && record["stage"] === this.#stage) {
      return encodeItem({ record: this.corrected(endSchema.parse(record)) });
    }
    try {
      return encodeItem(item);
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
      this.#unwritten.set(record.kind, (this.#unwritten.get(record.kind) ?? 0) + 1);
      const about = { stage: this.#stage, id: recordId(record), line: item.line };
      return encodeItem({ record: failureRecord(failure, about) });
    }
  }

  /** The `end` with what could not be written counted as failed; for exit codes, too. */
  corrected(end: EndRecord): EndRecord {
    const counts = { ...end.counts, out: { ...end.counts.out } };
    for (const [kind, n] of this.#unwritten) {
      counts.out[kind] = Math.max(0, (counts.out[kind] ?? 0) - n);
      counts.failed += n;
    }
    return { ...end, counts };
  }
}
