/** Whole lines, each but perhaps the last of all with its `\n`; good until the next block is asked for. */
export type Block = Uint8Array;

/** A line that was too long to be held. */
export interface LongLine {
  /** Its length in bytes, without `\n`. */
  readonly long: number;
}

const LF = 0x0a;

/** Bigger chunks are taken in pieces, so that what is parsed at once stays small. */
const PIECE = 1 << 20;

/** What is kept ready for the begun line at the end of a chunk. */
const ROOM = 1 << 16;

/**
 * Cuts chunks of bytes at line ends: gives blocks of whole lines, as many as have come, and drops lines longer than
 * `cap` bytes while they pass. Holds at most one line of `cap` bytes and one chunk.
 */
export async function* lineBlocks(
  chunks: AsyncIterable<Uint8Array>,
  cap: number,
): AsyncGenerator<Block | LongLine, void, undefined> {
  const rest = new Rest(cap);
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.length; from += PIECE) {
      const piece = chunk.subarray(from, from + PIECE);
      const first = piece.indexOf(LF);
      if (first < 0) {
        rest.add(piece);
        continue;
      }
      const last = piece.lastIndexOf(LF);
      // A line that began earlier is closed by itself; what follows in this piece is decoded at one go.
      const head = rest.length > 0 ? first + 1 : 0;
      if (head > 0) yield rest.close(piece.subarray(0, head));
      const lines = piece.subarray(head, last + 1);
      if (lines.length > 0) yield lines;
      rest.add(piece.subarray(last + 1));
    }
  }
  if (rest.length > 0) yield rest.close(new Uint8Array(0));
}

/** Whether a block is a line that was dropped. */
export function isLongLine(block: Block | LongLine): block is LongLine {
  return "long" in block;
}

/** The begun line at the end of what has come: its bytes, or only its length once it is too long. */
class Rest {
  length = 0;
  #held = new Uint8Array(ROOM);
  readonly #cap: number;

  constructor(cap: number) {
    this.#cap = cap;
  }

  /** Copies a piece: the owner of the chunk may use its buffer again. */
  add(piece: Uint8Array): void {
    const length = this.length + piece.length;
    // One byte more than the cap may be the line's end; more than that is too long for certain.
    if (length <= this.#cap + 1) {
      if (length > this.#held.length) this.#grow(length);
      this.#held.set(piece, this.length);
    } else if (this.#held.length > ROOM) {
      this.#held = new Uint8Array(ROOM);
    }
    this.length = length;
  }

  /** Ends the line with its last bytes (`\n` with them, where it has one). */
  close(last: Uint8Array): Block | LongLine {
    this.add(last);
    const long = last.at(-1) === LF ? this.length - 1 : this.length;
    const block = long > this.#cap ? { long } : this.#held.subarray(0, this.length);
    this.length = 0;
    if (this.#held.length > PIECE) this.#held = new Uint8Array(ROOM);
    return block;
  }

  #grow(length: number): void {
    const wider = new Uint8Array(Math.min(Math.max(length, this.#held.length * 2), this.#cap + 1));
    wider.set(this.#held.subarray(0, this.length));
    this.#held = wider;
  }
}
