const TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?(?:Z|([+-])(\d\d):?(\d\d))?$/i;

interface Parsed {
  /** Milliseconds since 1970 of the whole second, in UTC. */
  readonly second: number;
  /** Digits of the fraction as the service wrote them; empty when there are none. */
  readonly fraction: string;
}

function parse(text: string): Parsed | null {
  const match = TIME.exec(text);
  if (match === null) return null;
  const [, date, time, fraction = "", sign, hours, minutes] = match;
  const offset = sign === undefined ? 0 : (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -1 : 1);
  return { second: Date.parse(`${date}T${time}Z`) - offset * 60_000, fraction };
}

/**
 * A time of the service in RFC 3339 UTC, with the digits that the service gave (up to seven); null for none and for
 * .NET's empty date (year 1). Text that is no time is kept as it is. Times without an offset are UTC.
 */
export function serviceTime(text: string | null): string | null {
  if (text === null || text.startsWith("0001-01-01")) return null;
  const parsed = parse(text);
  if (parsed === null || Number.isNaN(parsed.second)) return text;
  const second = new Date(parsed.second).toISOString().slice(0, 19);
  return parsed.fraction === "" ? `${second}Z` : `${second}.${parsed.fraction}Z`;
}

/**
 * Milliseconds since 1970 of a time of the service; digits below the millisecond stay as decimals, as far as a
 * double holds them. Null when there is no time, or none that can be read.
 */
export function serviceMilliseconds(text: string | null): number | null {
  const parsed = text === null ? null : parse(text);
  if (parsed === null || Number.isNaN(parsed.second)) return null;
  const whole = parsed.second + Number(parsed.fraction.slice(0, 3).padEnd(3, "0"));
  const rest = parsed.fraction.slice(3).replace(/0+$/, "");
  return rest === "" ? whole : Number(`${whole}.${rest}`);
}
