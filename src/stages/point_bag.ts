import type { Point } from "../records/point.ts";

const numbers = new Float64Array(3);
const words = new Uint32Array(numbers.buffer);

/**
 * A bag of points as their number and a 64-bit sum of hashes: two bags are compared without holding either, and in
 * whatever order the points come. What differs cannot be named, only that and how many there are.
 */
export class PointBag {
  #count = 0;
  #high = 0;
  #low = 0;

  /** How many points it holds. */
  get count(): number {
    return this.#count;
  }

  /** Puts points in. Equal numbers count as equal however they are written (`1e3`, `"1000"`). */
  add(points: readonly Point[]): void {
    for (const point of points) {
      for (let i = 0; i < 3; i++) numbers[i] = plain(point[i]);
      let a = 0x9e3779b9 | 0;
      let b = 0x85ebca6b | 0;
      for (let i = 0; i < words.length; i++) {
        const word = words[i] ?? 0;
        a = Math.imul(a ^ word, 0x5bd1e995);
        a ^= a >>> 15;
        b = Math.imul(b ^ word, 0x27d4eb2f);
        b ^= b >>> 13;
      }
      this.#high = (this.#high + a) | 0;
      this.#low = (this.#low + b) | 0;
    }
    this.#count += points.length;
  }

  /** Whether both hold the same points. */
  equals(other: PointBag): boolean {
    return this.#count === other.#count && this.#high === other.#high && this.#low === other.#low;
  }
}

/** One value for each number: -0 is 0, every NaN the same. */
function plain(value: unknown): number {
  const number = Number(value);
  if (Number.isNaN(number)) return NaN;
  return number === 0 ? 0 : number;
}
