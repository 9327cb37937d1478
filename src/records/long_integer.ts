/** So many digits are needed to write a whole number that a double cannot hold. */
const RUN = 16;

const ZERO = 0x30;
const NINE = 0x39;
const POINT = 0x2e;

/**
 * Whether JSON text, in UTF-8, may hold a whole number of 16 digits and more; digits behind a decimal point do not
 * count. It says yes to some texts that hold none (the digits may lie inside a string) and no only when there is none
 * for certain: it looks at every sixteenth byte, since so long a run of digits cannot lie in between.
 */
export function mayHoldLongInteger(bytes: Uint8Array): boolean {
  for (let at = RUN - 1; at < bytes.length; at += RUN) {
    if (!isDigit(bytes[at])) continue;
    let from = at;
    while (from > 0 && isDigit(bytes[from - 1])) from--;
    let to = at + 1;
    while (to < bytes.length && isDigit(bytes[to])) to++;
    if (to - from >= RUN && (from === 0 || bytes[from - 1] !== POINT)) return true;
    at = to - 1;
  }
  return false;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}
