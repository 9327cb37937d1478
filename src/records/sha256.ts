/**
 * SHA-256 (FIPS 180-4), synchronous: names and digests are made once a record, where a promise each
 * (`crypto.subtle`) costs ten times more and `node:crypto` costs every start of an offline stage 20 ms.
 */

const K = roundConstants();
const schedule = new Int32Array(64);
const BLOCK = 64;
const START = new Int32Array([
  0x6a09e667,
  0xbb67ae85 | 0,
  0x3c6ef372,
  0xa54ff53a | 0,
  0x510e527f,
  0x9b05688c | 0,
  0x1f83d9ab,
  0x5be0cd19,
]);
// One hash is made at a time, from its first byte to its last, so that these are shared.
const state = new Int32Array(8);
const tail = new Uint8Array(2 * BLOCK);
const tailView = new DataView(tail.buffer);

/** The hash of `data`: 32 bytes. */
export function sha256(data: Uint8Array): Uint8Array {
  state.set(START);
  const whole = data.length - data.length % BLOCK;
  for (let at = 0; at < whole; at += BLOCK) compress(data, at);
  const end = fillTail(data, whole);
  for (let at = 0; at < end; at += BLOCK) compress(tail, at);
  const out = new Uint8Array(32);
  for (let i = 0; i < out.length; i++) out[i] = state[i >> 2]! >>> (24 - 8 * (i & 3));
  return out;
}

/** The last bytes, a one bit, zeros, and the length in bits: one block or two. Answers how many bytes. */
function fillTail(data: Uint8Array, from: number): number {
  const rest = data.length - from;
  const size = rest + 9 > BLOCK ? 2 * BLOCK : BLOCK;
  tail.fill(0, 0, size);
  for (let i = 0; i < rest; i++) tail[i] = data[from + i]!;
  tail[rest] = 0x80;
  tailView.setUint32(size - 8, Math.floor(data.length / 0x20000000));
  tailView.setUint32(size - 4, (data.length * 8) >>> 0);
  return size;
}

/** Fills the message schedule of one block. Every index is in range, so `!` only tells the compiler. */
function expand(data: Uint8Array, at: number): void {
  for (let i = 0, p = at; i < 16; i++, p += 4) {
    schedule[i] = (data[p]! << 24) | (data[p + 1]! << 16) | (data[p + 2]! << 8) | data[p + 3]!;
  }
  for (let i = 16; i < 64; i++) {
    const x = schedule[i - 15]!;
    const y = schedule[i - 2]!;
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    schedule[i] = (schedule[i - 16]! + s0 + schedule[i - 7]! + s1) | 0;
  }
}

function compress(data: Uint8Array, at: number): void {
  expand(data, at);
  let a = state[0]!, b = state[1]!, c = state[2]!, d = state[3]!;
  let e = state[4]!, f = state[5]!, g = state[6]!, h = state[7]!;
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i]! + schedule[i]!) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0]! += a;
  state[1]! += b;
  state[2]! += c;
  state[3]! += d;
  state[4]! += e;
  state[5]! += f;
  state[6]! += g;
  state[7]! += h;
}

/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
function roundConstants(): Int32Array {
  const constants = new Int32Array(64);
  for (let found = 0, candidate = 2; found < 64; candidate++) {
    if (isPrime(candidate)) constants[found++] = cubeRootFraction(candidate);
  }
  return constants;
}

function isPrime(n: number): boolean {
  for (let divisor = 2; divisor * divisor <= n; divisor++) {
    if (n % divisor === 0) return false;
  }
  return true;
}

/** Exact where a float's cube root is not: `floor(cbrt(prime) * 2^32)` by correcting the float in integers. */
function cubeRootFraction(prime: number): number {
  const wanted = BigInt(prime) << 96n;
  let root = BigInt(Math.floor(Math.cbrt(prime) * 2 ** 32));
  while (root * root * root > wanted) root--;
  while ((root + 1n) ** 3n <= wanted) root++;
  return Number(BigInt.asIntN(32, root));
}
