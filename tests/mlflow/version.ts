/** Whether a version is another one or newer: `isSince("3.17.2", "3.10")`. */
export function isSince(version: string, wanted: string): boolean {
  const [left, right] = [numbers(version), numbers(wanted)];
  for (let index = 0; index < 3; index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

function numbers(version: string): readonly number[] {
  return version.split(".").map((part) => Number.parseInt(part, 10) || 0);
}
