/** Headers that tell a wait in milliseconds (the ones that Azure's own client library reads). */
const IN_MS = ["retry-after-ms", "x-ms-retry-after-ms"] as const;

/** Dates have a clock in them; `Date.parse` alone takes `-5` for one. */
const DATE = /\d:\d/;

/** How long a service asks to wait, in milliseconds from `now`; null when it says nothing (or nothing readable). */
export function retryAfterMs(header: (name: string) => string | undefined, now: number): number | null {
  for (const name of IN_MS) {
    const ms = numberOf(header(name));
    if (ms !== null) return ms;
  }
  const value = header("retry-after");
  const seconds = numberOf(value);
  if (seconds !== null) return seconds * 1000;
  const date = DATE.test(value ?? "") ? Date.parse(value ?? "") : NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

function numberOf(value: string | undefined): number | null {
  if (value === undefined || value.trim() === "") return null;
  const number = Number(value);
  return Number.isFinite(number) && number >= 0 ? number : null;
}
