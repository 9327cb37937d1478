const FIRST_SIZE = 1024;
/** Int32 words a slot: two of hash, one of mark. An all-zero hash means an empty slot. */
const WORDS = 3;

/**
 * Remembers texts (ids, names) by a 64-bit hash and a 32-bit mark each, in one typed array: 12 bytes a slot, at most
 * two thirds of the slots in use. Of a million texts the odds that any two are taken for one are below 1 : 30 million.
 */
export class TextMarks {
  #slots = new Int32Array(FIRST_SIZE * WORDS);
  #mask = FIRST_SIZE - 1;
  #size = 0;

  /** How many texts it holds. */
  get size(): number {
    return this.#size;
  }

  /** The mark of a text (or of its {@linkcode textHash}), or undefined. */
  get(text: string | TextHash): number | undefined {
    const at = this.#find(typeof text === "string" ? textHash(text) : text);
    return this.#slots[at] === 0 && this.#slots[at + 1] === 0 ? undefined : this.#slots[at + 2];
  }

  /** Whether the text was set before. */
  has(text: string | TextHash): boolean {
    return this.get(text) !== undefined;
  }

  /** Sets the mark (an int32) of a text. */
  set(text: string | TextHash, mark = 0): void {
    const hash = typeof text === "string" ? textHash(text) : text;
    const at = this.#find(hash);
    if (this.#slots[at] === 0 && this.#slots[at + 1] === 0) this.#size++;
    this.#slots[at] = hash.high;
    this.#slots[at + 1] = hash.low;
    this.#slots[at + 2] = mark;
    if (this.#size * 3 > (this.#mask + 1) * 2) this.#grow();
  }

  /** Index of the slot that holds the hash, or of the empty one where it belongs. */
  #find({ high, low }: TextHash): number {
    for (let slot = low & this.#mask;; slot = (slot + 1) & this.#mask) {
      const at = slot * WORDS;
      const isEmpty = this.#slots[at] === 0 && this.#slots[at + 1] === 0;
      if (isEmpty || (this.#slots[at] === high && this.#slots[at + 1] === low)) return at;
    }
  }

  #grow(): void {
    const old = this.#slots;
    this.#mask = this.#mask * 2 + 1;
    this.#slots = new Int32Array((this.#mask + 1) * WORDS);
    for (let at = 0; at < old.length; at += WORDS) {
      const high = old[at] ?? 0;
      const low = old[at + 1] ?? 0;
      if (high === 0 && low === 0) continue;
      // Word by word: a view of the old array for each would be more memory than the marks themselves.
      const to = this.#find({ high, low });
      this.#slots[to] = high;
      this.#slots[to + 1] = low;
      this.#slots[to + 2] = old[at + 2] ?? 0;
    }
  }
}

/** A 64-bit hash in two int32 words. */
export interface TextHash {
  readonly high: number;
  readonly low: number;
}

/** Where hashing begins. */
const SEED: TextHash = { high: 0xdeadbeef | 0, low: 0x41c6ce57 };

/** Hashes a text (two multiplicative hashes with a final mix, after cyrb53); never all zero. */
export function textHash(text: string): TextHash {
  return mixed(textPrefix(text, SEED));
}

/** The hash of `prefix` and `text` in one, where the prefix was taken in before: `mixed(textPrefix(b, textPrefix(a)))`. */
export function textPrefix(text: string, before: TextHash = SEED): TextHash {
  let a = before.high;
  let b = before.low;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 2654435761);
    b = Math.imul(b ^ unit, 1597334677);
  }
  return { high: a, low: b };
}

/** Ends a hash that was begun with {@linkcode textPrefix}. */
export function mixed({ high: a, low: b }: TextHash): TextHash {
  const high = mix(a, b);
  const low = mix(b, high);
  return { high, low: high === 0 && low === 0 ? 1 : low };
}

function mix(a: number, b: number): number {
  return Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
}
