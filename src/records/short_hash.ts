import { sha256 } from "@noble/hashes/sha2.js";
// @ts-types="./types/encoding.d.ts"
import { encodeBase32 } from "@std/encoding";

const CHARACTERS = 10;
/** Bytes of the hash that so many characters (5 bits each) are made of. */
const BYTES = 7;
const encoder = new TextEncoder();

/** Ten characters (50 bits) of the SHA-256 of a text in UTF-8, in lower-case base 32 (RFC 4648 alphabet). */
export function shortHash(text: string): string {
  // Synchronous on purpose: names are made once a record, where a promise each (`crypto.subtle`) costs ten times more.
  return encodeBase32(sha256(encoder.encode(text)).subarray(0, BYTES)).toLowerCase().slice(0, CHARACTERS);
}
