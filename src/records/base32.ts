const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

/** The first `length` characters of `bytes` in base 32 (RFC 4648 alphabet, lower case, no padding). */
export function base32(bytes: Uint8Array, length: number): string {
  let text = "";
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5 && text.length < length) {
      bits -= 5;
      text += ALPHABET.charAt((buffer >> bits) & 31);
    }
    if (text.length >= length) break;
  }
  return text;
}
