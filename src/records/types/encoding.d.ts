/** Types of what azml uses of `@std/encoding`, which is plain JavaScript where azml gets it from (`npm:deno-std`). */

/** Base 32 (RFC 4648): upper case, padded with `=`. */
export function encodeBase32(data: Uint8Array): string;

/** Hexadecimal, lower case. */
export function encodeHex(data: Uint8Array): string;
