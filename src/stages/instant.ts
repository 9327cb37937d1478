const SHAPE =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?\s*([Zz]|[+-]\d\d:?\d\d)?)?$/;

/**
 * Reads an RFC 3339 time (all its digits) or a date (its first moment) as nanoseconds since 1970; null when it is
 * neither. What names no offset is UTC.
 */
export function instant(text: string): bigint | null {
  const parts = SHAPE.exec(text.trim());
  if (parts === null) return null;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "", offset = "Z"] = parts;
  if (+hour > 24 || +minute > 59 || +second > 60) return null;
  const date = Date.UTC(Number(year), Number(month) - 1, Number(day));
  // Date.UTC turns the 30th of February into March: such a date is a slip, not a time.
  if (new Date(date).toISOString().slice(0, 10) !== `${year}-${month}-${day}`) return null;
  const seconds = date / 1000 + +hour * 3600 + +minute * 60 + +second - offsetSeconds(offset);
  return BigInt(seconds) * 1_000_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, "0"));
}

function offsetSeconds(offset: string): number {
  if (offset === "Z" || offset === "z") return 0;
  const digits = offset.slice(1).replace(":", "");
  const seconds = Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2)) * 60;
  return offset.startsWith("-") ? -seconds : seconds;
}
