import { base32 } from "./base32.ts";
import { sha256 } from "./sha256.ts";
import type { As } from "./unit.ts";

/** The longest name that is given (Azure ML takes run ids of 256 characters). */
export const TARGET_NAME_MAX = 255;

const HASH_LENGTH = 10;
const encoder = new TextEncoder();
const scratch = new Uint8Array(1024);

/**
 * The name of a unit in the target: `<slug of the source id>-<10 base32 of sha256(as, source in lower case, id)>`,
 * at most 255 characters out of `[A-Za-z0-9_-]`, starting with a letter or digit. The same history always gets the
 * same name, which is what lets a second run find the first one's work.
 */
export function targetName(as: As, source: string | null, id: string): string {
  const text = `${as}\n${(source ?? "").toLowerCase()}\n${id}`;
  const hash = base32(sha256(bytesOf(text)), HASH_LENGTH);
  const slug = id.replace(/[^A-Za-z0-9_-]/gu, "-").replace(/^[_-]+/, "");
  return `${(slug === "" ? "run" : slug).slice(0, TARGET_NAME_MAX - HASH_LENGTH - 1)}-${hash}`;
}

/** UTF-8, by hand where it is ASCII: names are short, and a call of the encoder costs more than their hash. */
function bytesOf(text: string): Uint8Array {
  if (text.length > scratch.length) return encoder.encode(text);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) return encoder.encode(text);
    scratch[i] = unit;
  }
  return scratch.subarray(0, text.length);
}
