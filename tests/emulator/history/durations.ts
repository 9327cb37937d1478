/** A span of milliseconds as .NET writes it: `hh:mm:ss.fffffff`, days in front when there are any. */
export function dotnetSpan(milliseconds: number): string {
  const whole = Math.max(0, Math.floor(milliseconds));
  const days = Math.floor(whole / 86_400_000);
  const clock = new Date(whole % 86_400_000).toISOString().slice(11, 19);
  const rest = whole % 1000;
  return `${days > 0 ? `${days}.` : ""}${clock}${rest === 0 ? "" : `.${String(rest).padStart(3, "0")}0000`}`;
}

/** The span between two service times; null when one is missing. */
export function spanBetween(start: string | null, end: string | null): string | null {
  return start === null || end === null ? null : dotnetSpan(Date.parse(end) - Date.parse(start));
}
