const EMPTY_SLOTS = 1024;

/**
 * A set of ids that remembers a 64-bit hash of each (16 bytes of memory an id or less), so that millions of ids of a
 * workspace can be told apart from those seen. Two different ids are taken for one with a chance of 2^-64 a pair.
 */
export class IdSet {
  /** Pairs of hash words; a pair of zeros is a free slot. */
  #slots = new Uint32Array(EMPTY_SLOTS * 2);
  #size = 0;

  /** Adds an id; false when it was there already. */
  add(id: string): boolean {
    if ((this.#size + 1) * 4 > this.#slots.length) this.#grow();
    const [high, low] = hash(id);
    const added = insert(this.#slots, high, low);
    if (added) this.#size++;
    return added;
  }

  /** Whether an id was added. */
  has(id: string): boolean {
    const [high, low] = hash(id);
    const at = slotOf(this.#slots, high, low);
    return (this.#slots[at] ?? 0) !== 0 || (this.#slots[at + 1] ?? 0) !== 0;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(old.length * 2);
    for (let i = 0; i < old.length; i += 2) {
      const high = old[i] ?? 0;
      const low = old[i + 1] ?? 0;
      if (high !== 0 || low !== 0) insert(this.#slots, high, low);
    }
  }
}

function insert(slots: Uint32Array, high: number, low: number): boolean {
  const at = slotOf(slots, high, low);
  if (slots[at] === high && slots[at + 1] === low) return false;
  slots[at] = high;
  slots[at + 1] = low;
  return true;
}

/** Index of the slot that holds the pair, or of the free slot where it belongs (linear probing). */
function slotOf(slots: Uint32Array, high: number, low: number): number {
  const mask = slots.length / 2 - 1;
  for (let slot = low & mask;; slot = (slot + 1) & mask) {
    const at = slot * 2;
    if (slots[at] === high && slots[at + 1] === low) return at;
    if (slots[at] === 0 && slots[at + 1] === 0) return at;
  }
}

/** Without it the low bits of a word would depend on the low bits of the text alone. */
function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/** Two 32-bit words that mix each other in (the mixing steps of MurmurHash3); never both zero. */
function hash(id: string): [number, number] {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let i = 0; i < id.length; i++) {
    const unit = id.charCodeAt(i);
    high = rotate(Math.imul(high ^ unit, 0x9e3779b1), 13);
    low = rotate(Math.imul(low ^ unit, 0x5f356495), 17);
  }
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
  low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
  return [high >>> 0, (low >>> 0) || 1];
}
