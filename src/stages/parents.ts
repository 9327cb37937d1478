/** What became of one job that had to wait for its parent. */
export interface Placement {
  /** How many waiting ancestors come before it: jobs of place 0 are released first. */
  readonly place: Int32Array;
  /** The jobs at which a cycle of parents was opened; each becomes a root. */
  readonly cycleHeads: ReadonlySet<number>;
}

const OPEN = -1;
const ON_PATH = -2;

/**
 * Orders jobs that wait for their parents: `parents[i]` is the index of the parent among the waiting jobs, -1 when it
 * is not among them. In a cycle the job that came first becomes a root and the others hang below it.
 */
export function placeWaiting(parents: Int32Array): Placement {
  const place = new Int32Array(parents.length).fill(OPEN);
  const cycleHeads = new Set<number>();
  for (let start = 0; start < parents.length; start++) {
    const path = climb(parents, place, start);
    const top = path.at(-1);
    if (top === undefined) continue;
    const above = parents[top] ?? -1;
    if (above >= 0 && place[above] === ON_PATH) openCycle(path, above, cycleHeads, place);
    else settle(path, above < 0 ? 0 : (place[above] ?? 0) + 1, place);
  }
  return { place, cycleHeads };
}

/** The jobs from `start` upwards that have no place yet, `start` first; marks them. */
function climb(parents: Int32Array, place: Int32Array, start: number): number[] {
  const path: number[] = [];
  for (let at = start; at >= 0 && place[at] === OPEN; at = parents[at] ?? -1) {
    place[at] = ON_PATH;
    path.push(at);
  }
  return path;
}

/** `path` ends in a job whose parent `entry` is on the path itself: everything from there on is the cycle. */
function openCycle(
  path: number[],
  entry: number,
  cycleHeads: Set<number>,
  place: Int32Array,
): void {
  const from = path.indexOf(entry);
  const cycle = path.slice(from);
  const head = cycle.reduce((first, job) => Math.min(first, job));
  cycleHeads.add(head);
  place[head] = 0;
  // Turned so that the head's child in the cycle comes last, as the topmost.
  const at = cycle.indexOf(head);
  settle([...cycle.slice(at + 1), ...cycle.slice(0, at)], 1, place);
  settle(path.slice(0, from), (place[entry] ?? 0) + 1, place);
}

/** Gives places to a path (child first, its topmost job last). */
function settle(path: readonly number[], topPlace: number, place: Int32Array): void {
  for (let i = path.length - 1, next = topPlace; i >= 0; i--, next++) {
    const job = path[i];
    if (job !== undefined) place[job] = next;
  }
}
