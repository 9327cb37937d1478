import { sha256 } from "@noble/hashes/sha2.js";

const CHARACTERS = 10;
const BITS = 5;
const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
const encoder = new TextEncoder();

/** Ten characters (50 bits) of the SHA-256 of a text in UTF-8, in lower-case base 32 (RFC 4648 alphabet). */
export function shortHash(text: string): string {
  // Synchronous on purpose: names are made once a record, where a promise each (`crypto.subtle`) costs ten times more.
  return firstBase32(sha256(encoder.encode(text)));
}

/** The library's base 32 takes as long as the hash, and the start of it is all that is wanted. */
function firstBase32(bytes: Uint8Array): string {
  let text = "";
  for (let bit = 0; text.length < CHARACTERS; bit += BITS) {
    const at = bit >> 3;
    const two = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    text += ALPHABET[(two >> (16 - BITS - (bit & 7))) & 31] ?? "";
  }
  return text;
}
