import type { Spool, SpoolMaker } from "./ports.ts";

/** Keeps count of the spools of a stage, so that none outlives it whatever ends it. */
export class SpoolShelf {
  readonly #make: SpoolMaker;
  readonly #open = new Set<Spool>();

  constructor(make: SpoolMaker) {
    this.#make = make;
  }

  /** Makes a spool that leaves the shelf when it is closed. */
  readonly make: SpoolMaker = () => {
    const spool = this.#make();
    const kept: Spool = {
      append: (piece) => spool.append(piece),
      read: () => spool.read(),
      get size() {
        return spool.size;
      },
      close: async () => {
        if (this.#open.delete(kept)) await spool.close();
      },
    };
    this.#open.add(kept);
    return kept;
  };

  /** Closes what is still open. */
  async close(): Promise<void> {
    for (const spool of [...this.#open]) await spool.close();
  }
}
