import { Failure } from "../records/failure.ts";
import type { AnyRecord, Item } from "../records/item.ts";
import { isRecord } from "../records/item.ts";
import { encodeItem } from "../records/ndjson_write.ts";
import { parseLine } from "../records/parse_line.ts";
import type { Spool, SpoolMaker } from "./ports.ts";

/** Items that come out of the spool at a time. */
const BATCH = 256;

/** Lines that are set aside until it is known whether the jobs they belong to are kept; they come back as they came. */
export class HeldLines {
  readonly #makeSpool: SpoolMaker;
  #spool: Spool | null = null;
  /** Of each line the place of its job among the held ones. */
  readonly #jobs: number[] = [];
  #job = -1;

  constructor(makeSpool: SpoolMaker) {
    this.#makeSpool = makeSpool;
  }

  /** Sets the line of the next held job aside. Throws the spool's `Failure`. */
  hold(item: Item): Promise<void> {
    this.#job++;
    return this.more(item);
  }

  /** Sets a further line of the job that was held last aside. */
  more(item: Item): Promise<void> {
    this.#spool ??= this.#makeSpool();
    this.#jobs.push(this.#job);
    return this.#spool.append(encodeItem(item));
  }

  /** All lines in the order they came, in batches, with whether their job is among the `kept`. */
  async *release(
    kept: readonly boolean[],
  ): AsyncGenerator<{ kept: Item[]; dropped: number }, void, undefined> {
    let batch: { kept: Item[]; dropped: number } = { kept: [], dropped: 0 };
    let line = 0;
    for await (const raw of this.#spool?.read() ?? []) {
      if (kept[this.#jobs[line++] ?? -1]) batch.kept.push({ record: parse(raw), raw });
      else batch.dropped++;
      if (batch.kept.length + batch.dropped < BATCH) continue;
      yield batch;
      batch = { kept: [], dropped: 0 };
    }
    yield batch;
  }

  /** Frees memory and file. */
  async close(): Promise<void> {
    await this.#spool?.close();
    this.#spool = null;
  }
}

function parse(raw: string): AnyRecord {
  const record: unknown = parseLine(raw);
  if (isRecord(record)) return record;
  throw new Failure("a line that was set aside came back as something else", {
    code: "spool_broken",
    reach: "disk",
    hint: "the temporary file was changed while azml ran: run it again",
    retryable: true,
  });
}
