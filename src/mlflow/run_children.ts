import { type TextHash, textHash, TextMarks } from "../records/text_marks.ts";

/** A run below another one. */
export interface ChildNode {
  readonly id: string;
  readonly experimentId: string;
  /** Below where the walk began; the topmost ones of a walk have 1. */
  readonly depth: number;
}

/** What is noted of a child. */
export interface Child {
  readonly id: string;
  readonly parent: string;
  readonly experimentId: string;
  /** Milliseconds since 1970, null for none. */
  readonly startedAt: number | null;
}

/** Children whose parent is not among the runs of a listing, with what hangs below them. */
export interface LeftOver {
  /** The topmost of them, by start time; each with all below it in pre-order, itself first with depth 1. */
  readonly tops: readonly (readonly ChildNode[])[];
}

/**
 * Who hangs below whom among the runs of a server: about 130 bytes a child, so that a million of them fit. A child is
 * given once only (`below` and `leftOver` take what they give), so circles of parents end.
 */
export class RunChildren {
  readonly #ids: string[] = [];
  readonly #starts: number[] = [];
  /** Experiments by number: their ids are few. */
  readonly #experiments: number[] = [];
  readonly #experimentIds: string[] = [];
  readonly #experimentNumbers = new Map<string, number>();
  /** Two words a child: the hash of its parent's id. */
  readonly #parents: number[] = [];
  /** The next child of the same parent, -1 for none. */
  readonly #next: number[] = [];
  readonly #given: boolean[] = [];
  readonly #own = new TextMarks();
  readonly #first = new TextMarks();
  readonly #last = new TextMarks();

  /** Notes a child; one that is known already stays as it is. */
  add({ id, parent, experimentId, startedAt }: Child): void {
    if (this.#own.has(id)) return;
    const at = this.#ids.push(id) - 1;
    this.#own.set(id, at);
    this.#starts.push(startedAt ?? 0);
    this.#experiments.push(this.#numberOf(experimentId));
    this.#next.push(-1);
    this.#given.push(false);
    const above = textHash(parent);
    this.#parents.push(above.high, above.low);
    const before = this.#last.get(above);
    if (before === undefined) this.#first.set(above, at);
    else this.#next[before] = at;
    this.#last.set(above, at);
  }

  /** Whether it is known as a child. */
  has(id: string): boolean {
    return this.#own.has(id);
  }

  /** All runs below one in pre-order, siblings by start time and id, without those that were given before. */
  below(id: string): ChildNode[] {
    return this.#walk(this.#childrenOf(textHash(id)), 1);
  }

  /** What was not given so far, those of one parent together. `isKnown` tells parents whose children are not meant. */
  *leftOver(isKnown: (parent: TextHash) => boolean = () => false): Generator<LeftOver> {
    for (let at = 0; at < this.#ids.length; at++) {
      if (this.#given[at] === true) continue;
      const top = this.#topOf(at);
      const parent = this.#parentOf(top);
      const tops = this.#childrenOf(parent).filter((child) => this.#given[child] !== true)
        .map((child) => this.#walk([child], 1)).filter((nodes) => nodes.length > 0);
      if (!isKnown(parent)) yield { tops };
    }
  }

  /** The topmost child above one that was not given; within a circle, any of it. */
  #topOf(at: number): number {
    const seen = new Set([at]);
    for (let top = at;;) {
      const above = this.#own.get(this.#parentOf(top));
      if (above === undefined || this.#given[above] === true || seen.has(above)) return top;
      seen.add(above);
      top = above;
    }
  }

  #walk(tops: readonly number[], depth: number): ChildNode[] {
    const nodes: ChildNode[] = [];
    const stack = tops.map((at) => ({ at, depth })).reverse();
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      if (this.#given[next.at] === true) continue;
      this.#given[next.at] = true;
      const id = this.#ids[next.at] ?? "";
      nodes.push({ id, experimentId: this.#experimentOf(next.at), depth: next.depth });
      for (const at of this.#childrenOf(textHash(id)).reverse()) stack.push({ at, depth: next.depth + 1 });
    }
    return nodes;
  }

  #childrenOf(parent: TextHash): number[] {
    const children: number[] = [];
    for (let at = this.#first.get(parent) ?? -1; at >= 0; at = this.#next[at] ?? -1) children.push(at);
    return children.sort((a, b) => this.#compare(a, b));
  }

  #compare(a: number, b: number): number {
    const byStart = (this.#starts[a] ?? 0) - (this.#starts[b] ?? 0);
    return byStart || ((this.#ids[a] ?? "") < (this.#ids[b] ?? "") ? -1 : 1);
  }

  #parentOf(at: number): TextHash {
    return { high: this.#parents[at * 2] ?? 0, low: this.#parents[at * 2 + 1] ?? 0 };
  }

  #numberOf(experimentId: string): number {
    const known = this.#experimentNumbers.get(experimentId);
    if (known !== undefined) return known;
    const number = this.#experimentIds.push(experimentId) - 1;
    this.#experimentNumbers.set(experimentId, number);
    return number;
  }

  #experimentOf(at: number): string {
    return this.#experimentIds[this.#experiments[at] ?? 0] ?? "";
  }
}
