import type { EndRecord } from "./end.ts";
import type { AnyRecord } from "./item.ts";
import { boundEnds, ENDS_LISTED, flattenEnd, noCounts } from "./merge_ends.ts";

/** What a stage spent, for its `end`: `Source.usage()` and `Target.usage()` fit. */
export interface Spent {
  readonly calls?: number;
  readonly files?: number;
  readonly bytes?: number;
}

/** Beyond so many kinds, further ones are counted as `other`: kinds come from input that anybody may have written. */
const KINDS_COUNTED = 256;

/**
 * Counts what goes through one stage and makes its `end`. `intake` counts what comes in, what it passes on and what
 * it refuses; the stage counts what became of each `record` arrival: `out`, `dropped` or `failed`.
 */
export class Tally {
  /** Name of the stage, e.g. `plan`. */
  readonly stage: string;
  readonly #in = new Map<string, number>();
  readonly #out = new Map<string, number>();
  readonly #counts = noCounts();
  #filesSaid = false;
  #ends: EndRecord[] = [];
  #endsSeen = 0;

  constructor(stage: string) {
    this.stage = stage;
  }

  /** A record came in. One that says `incomplete` is counted as that here, once. */
  in(record: AnyRecord): void {
    bump(this.#in, record.kind);
    const incomplete = record["incomplete"];
    if (Array.isArray(incomplete) && incomplete.length > 0) this.#counts.incomplete += 1;
  }

  /** A record goes out (for `points` and jobs that a target takes: it landed). Not for `error`s of this stage's own. */
  out(record: AnyRecord): void {
    bump(this.#out, record.kind);
  }

  /** Records left aside on purpose. */
  dropped(n = 1): void {
    this.#counts.dropped += n;
  }

  /** Records that could not be carried. */
  failed(n = 1): void {
    this.#counts.failed += n;
  }

  /** Records that became incomplete in this stage (one that came in incomplete is counted by `in`). */
  incomplete(n = 1): void {
    this.#counts.incomplete += n;
  }

  /** A line that is no record. */
  badLine(): void {
    this.#counts.bad_lines += 1;
  }

  /** Files named or carried, and their bytes. Counts of this kind win over those of `end`'s `spent`. */
  files(count: number, bytes: number): void {
    this.#filesSaid = true;
    this.#counts.files += count;
    this.#counts.bytes += bytes;
  }

  /** An `end` that came in, with those that it names; they stay a bounded list, oldest first. */
  upstream(end: EndRecord): void {
    this.#endsSeen += 1;
    this.#ends.push(...flattenEnd(end));
    if (this.#ends.length > 2 * ENDS_LISTED) this.#ends = boundEnds(this.#ends);
  }

  /** Lines that were no records so far. */
  get badLines(): number {
    return this.#counts.bad_lines;
  }

  /** How many records of each kind came in, `end`s aside. */
  get kindsIn(): ReadonlyMap<string, number> {
    return this.#in;
  }

  /** How many `error` records of earlier stages came in. */
  get errorsSeen(): number {
    return this.#in.get("error") ?? 0;
  }

  /** How many `end` records came in; 0 when the stream may have been cut short. */
  get endsSeen(): number {
    return this.#endsSeen;
  }

  /** Records that failed here so far. */
  get failures(): number {
    return this.#counts.failed;
  }

  /** Whether every `end` that came in said `complete: true`, and at least one came. */
  get upstreamComplete(): boolean {
    return this.#endsSeen > 0 && this.#ends.every((end) => end.complete);
  }

  /** The stage's `end`. `complete` is false when it was interrupted or could not go on. */
  end(complete: boolean, spent: Spent = {}): EndRecord {
    const files = this.#filesSaid ? this.#counts.files : spent.files ?? 0;
    const bytes = this.#filesSaid ? this.#counts.bytes : spent.bytes ?? 0;
    return {
      kind: "end",
      v: 1,
      stage: this.stage,
      complete,
      counts: {
        ...this.#counts,
        in: Object.fromEntries(this.#in),
        out: Object.fromEntries(this.#out),
        calls: spent.calls ?? 0,
        files,
        bytes,
      },
      upstream: boundEnds(this.#ends),
    };
  }
}

function bump(counts: Map<string, number>, kind: string): void {
  const key = counts.has(kind) || counts.size < KINDS_COUNTED ? kind : "other";
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
