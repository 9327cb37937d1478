/** Types of `@std/jsonc`, which is plain JavaScript where azml gets it from (`npm:deno-std`). */

/** Parses JSON with comments and trailing commas; throws `SyntaxError` that names the offset. */
export function parse(text: string): unknown;
