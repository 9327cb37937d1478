/**
 * Cuts a text to at most `maxChars` UTF-16 units, which is how Azure ML and MLflow count. A code point is never split,
 * so the result may be one unit shorter; lone surrogates become U+FFFD.
 */
export function cutText(text: string, maxChars: number): string {
  const whole = wellFormed(text);
  if (whole.length <= maxChars) return whole;
  return whole.slice(0, splitsPair(whole, maxChars) ? maxChars - 1 : Math.max(0, maxChars));
}

/** Replaces lone surrogates, which no UTF-8 text can hold and jq 1.6 refuses, by U+FFFD. */
export function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed();
}

/** How many bytes a text takes in UTF-8 (a lone surrogate counts as U+FFFD, 3). */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    bytes += unit < 0x800 ? 1 : 2;
    // The low half of a pair: the pair takes 4 bytes, and the high half was counted as 3.
    if (unit >= 0xdc00 && unit <= 0xdfff && splitsPair(text, i)) bytes -= 2;
  }
  return bytes;
}

/** Whether a cut before the unit at `at` would split a surrogate pair. */
function splitsPair(text: string, at: number): boolean {
  if (at <= 0 || at >= text.length) return false;
  const high = text.charCodeAt(at - 1);
  const low = text.charCodeAt(at);
  return high >= 0xd800 && high <= 0xdbff && low >= 0xdc00 && low <= 0xdfff;
}
