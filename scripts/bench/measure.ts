/** What one run of a command cost. */
export interface Cost {
  readonly wallMs: number;
  /** User and system time of all processes of the line. */
  readonly cpuMs: number;
}

/** Runs a line of bash and measures it as a whole, start-up included. Throws when it fails. */
export async function cost(line: string, env: Readonly<Record<string, string>> = {}): Promise<Cost> {
  const { code, stderr } = await new Deno.Command("bash", {
    args: ["-c", `TIMEFORMAT='%R %U %S'; time { ${line}; }`],
    env: { ...env, LC_ALL: "C" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  const words = new TextDecoder().decode(stderr).trim();
  const figures = words.split("\n").at(-1)?.split(" ").map(Number) ?? [];
  const [wall, user, system] = figures;
  if (code !== 0 || wall === undefined || user === undefined || system === undefined) {
    throw new Error(`bench: "${line}" ended with ${code}: ${words}`);
  }
  return { wallMs: wall * 1000, cpuMs: (user + system) * 1000 };
}

/**
 * Runs lines in turns (A B A B ...), so that whatever else the machine does meets all of them, and answers the costs
 * of each.
 */
export async function interleaved(lines: readonly string[], rounds: number): Promise<readonly Cost[][]> {
  const costs: Cost[][] = lines.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, line] of lines.entries()) costs[i]?.push(await cost(line));
  }
  return costs;
}

/** The middle of some figures. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/** The median of round-by-round ratios of two commands that were run in turns. */
export function medianRatio(above: readonly number[], below: readonly number[]): number {
  return median(above.map((figure, round) => figure / (below[round] ?? NaN)));
}
