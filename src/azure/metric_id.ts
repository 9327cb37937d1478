/** Four seeds make 128 bits out of a hash of 32. */
const SEEDS = [0x811c9dc5, 0x01000193, 0x9e3779b9, 0x85ebca6b] as const;

/** FNV-1a with a last stir: fast, and good enough to tell rows apart. */
function hash(text: string, seed: number): number {
  let value = seed;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  return (value ^ (value >>> 12)) >>> 0;
}

/**
 * The id of a metric row: a GUID made from what the row is (run, metric, position, content), so that a row that is
 * sent again carries the id that it had. The v1 SDK sends ids too, random ones.
 */
export function metricId(run: string, metric: string, position: number, key: string): string {
  const text = `${run}\n${metric}\n${position}\n${key}`;
  const hex = SEEDS.map((seed) => hash(text, seed).toString(16).padStart(8, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
