import { TextMarks } from "../records/text_marks.ts";

/** What became of a unit, as far as its children and its doubles must know. */
export type Made =
  | { readonly fate: "there"; readonly target: string }
  | { readonly fate: "failed" | "skipped" | "limited" };

/** A unit under way. */
export interface Making {
  /** Settles as soon as it is known whether the unit exists in the target: children wait for this alone. */
  readonly opened: Promise<Made>;
  /** Settles when the unit is done, with the digest that it landed with (null when it did not land whole). */
  readonly done: Promise<string | null>;
}

/** How the carrier of a unit tells what became of it. Later calls of the same kind change nothing. */
export interface MakingTeller {
  open(made: Made): void;
  finish(digest: string | null): void;
}

/** How many finished units are kept with their target ids; of older ones the target is asked. */
const REMEMBERED = 2_000;
const FATES = ["failed", "skipped", "limited"] as const;

/** The units that passed in this stream: those under way, the latest that are done, and compactly those not made. */
export class MadeUnits {
  readonly #makings = new Map<string, Making>();
  readonly #finished = new Set<string>();
  readonly #notMade = new TextMarks();

  /** The unit of this name when it passed not long ago. */
  get(name: string): Making | undefined {
    return this.#makings.get(name);
  }

  /** What became of a unit; undefined when it did not pass, or so long ago that the target must be asked. */
  fate(name: string): Promise<Made> | undefined {
    const making = this.#makings.get(name);
    if (making !== undefined) return making.opened;
    const mark = this.#notMade.get(name);
    const fate = mark === undefined ? undefined : FATES[mark];
    return fate === undefined ? undefined : Promise.resolve({ fate });
  }

  /** Whether a unit was left out by `--limit`, so that its children are left out at once. */
  isLimited(name: string): boolean {
    return this.#notMade.get(name) === FATES.indexOf("limited");
  }

  /** Leaves a unit out because of `--limit`. */
  limit(name: string): void {
    this.#notMade.set(name, FATES.indexOf("limited"));
  }

  /** A unit starts. A double of one under way takes its place, having waited for it. */
  begin(name: string): MakingTeller {
    const opened = Promise.withResolvers<Made>();
    const done = Promise.withResolvers<string | null>();
    this.#finished.delete(name);
    this.#makings.set(name, { opened: opened.promise, done: done.promise });
    let isOpen = false;
    const open = (made: Made): void => {
      if (!isOpen) this.#mark(name, made);
      isOpen = true;
      opened.resolve(made);
    };
    return {
      open,
      finish: (digest) => {
        open({ fate: "failed" });
        done.resolve(digest);
        this.#forget(name);
      },
    };
  }

  #mark(name: string, { fate }: Made): void {
    if (fate !== "there") this.#notMade.set(name, FATES.indexOf(fate));
    // A double landed where the first one had not: no word of that is left.
    else if (this.#notMade.has(name)) this.#notMade.set(name, -1);
  }

  #forget(name: string): void {
    this.#finished.add(name);
    if (this.#finished.size <= REMEMBERED) return;
    const [oldest] = this.#finished;
    if (oldest === undefined) return;
    this.#finished.delete(oldest);
    this.#makings.delete(oldest);
  }
}
