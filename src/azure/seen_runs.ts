import { type TextHash, textHash, TextMarks } from "../records/text_marks.ts";

/**
 * What became of a run so far: `listed` by ARM and not judged yet, a root that was `kept` or `skipped` by selection, or
 * `given` as a part of a tree (also when it lies deeper than wanted).
 */
export type Fate = (typeof FATES)[number];

const FATES = ["listed", "kept", "skipped", "given"] as const;

/** Remembers the fate of every run of a listing by hashes of ids, so that millions of ids of a workspace fit. */
export class SeenRuns {
  readonly #marks = new TextMarks();

  /** Undefined for a run that nothing was seen of. */
  fate(run: string | TextHash): Fate | undefined {
    const mark = this.#marks.get(run);
    return mark === undefined ? undefined : FATES[mark];
  }

  note(run: string, fate: Fate): void {
    this.#marks.set(run, FATES.indexOf(fate));
  }

  /** Notes a run as listed; false when it was seen before. */
  list(run: string): boolean {
    if (this.#marks.has(run)) return false;
    this.note(run, "listed");
    return true;
  }
}

/** Children that no tree brought (yet), by hashes alone: 32 bytes a run. */
export class UnseenChildren {
  /** Four words a child: hash of its id, hash of its root's id. */
  readonly #words: number[] = [];

  add(id: string, root: string): void {
    const [own, top] = [textHash(id), textHash(root)];
    this.#words.push(own.high, own.low, top.high, top.low);
  }

  /** How many of them pass a test. */
  count(test: (id: TextHash, root: TextHash) => boolean): number {
    let count = 0;
    for (let at = 0; at < this.#words.length; at += 4) {
      if (test(this.#hash(at), this.#hash(at + 2))) count++;
    }
    return count;
  }

  #hash(at: number): TextHash {
    return { high: this.#words[at] ?? 0, low: this.#words[at + 1] ?? 0 };
  }
}
