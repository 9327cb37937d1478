/**
 * Roughly how many characters a value takes as JSON, without writing it: strings by their length, numbers as 12.
 * Bytes in a file may be up to six times as many (escapes, letters outside ASCII); stops counting past `enough`.
 */
export function jsonSize(value: unknown, enough: number = Infinity): number {
  let size = 0;
  // A list of what is left instead of recursion: a definition may be nested deeper than the stack.
  const left: unknown[] = [value];
  while (left.length > 0 && size <= enough) {
    const next = left.pop();
    if (typeof next === "string") size += next.length + 3;
    else if (typeof next !== "object" || next === null) size += 12;
    else if (Array.isArray(next)) {
      size += 2;
      for (const member of next) left.push(member);
    } else {
      size += 2;
      for (const [key, member] of Object.entries(next)) {
        size += key.length + 4;
        left.push(member);
      }
    }
  }
  return size;
}
