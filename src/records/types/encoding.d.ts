/** Types of what azml uses of `@std/encoding`, which is plain JavaScript where azml gets it from (`npm:deno-std`). */

/** Hexadecimal, lower case. */
export function encodeHex(data: Uint8Array): string;
