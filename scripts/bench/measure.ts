/** What a run of one command took. */
export interface Spent {
  /** Seconds of processor time, user and system, of the command and its children. */
  readonly cpu: number;
  readonly wall: number;
}

/** What a run of a pipe took. */
export interface PipeSpent {
  readonly wall: number;
  /** Peak resident memory of each azml process in MB (2^20 bytes), by its command. */
  readonly peaks: ReadonlyMap<string, number>;
}

const POLL_MS = 10;
const COMMANDS = ["extract", "filter", "plan", "submit"];

/** Processor and wall time of a command that reads a file and whose output is thrown away. Throws when it fails. */
export async function timed(command: readonly string[], input = "/dev/null"): Promise<Spent> {
  // `time` of bash counts the children of the command in, which no answer of Deno does; its wall time is too coarse.
  const script = `TIMEFORMAT='%U %S'; from=$EPOCHREALTIME
    time "$@" < "$INPUT" > /dev/null 2> /dev/null; code=$?
    echo $from $EPOCHREALTIME >&2; exit $code`;
  const { success, stderr } = await new Deno.Command("bash", {
    args: ["-c", script, "bench", ...command],
    env: { INPUT: input, LC_ALL: "C" },
  }).output();
  if (!success) throw new Error(`failed: ${command.join(" ")}`);
  const figures = new TextDecoder().decode(stderr).trim().split(/\s+/).map(Number);
  const [user = NaN, system = NaN, from = NaN, to = NaN] = figures;
  return { cpu: user + system, wall: to - from };
}

/**
 * Runs a pipe of azml commands, from the file of `input` to the file of `output`, with the highest resident memory of
 * each (`VmHWM` of `/proc`, Linux only; it never falls, so that little can be missed by looking every 10 ms).
 * Throws when it fails.
 */
export async function peaksOf(
  pipe: readonly (readonly string[])[],
  files: { readonly input?: string; readonly output?: string },
  env: Readonly<Record<string, string>> = {},
): Promise<PipeSpent> {
  const started = performance.now();
  const child = new Deno.Command("bash", {
    args: ["-c", pipeScript(pipe, files)],
    env,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const said = new Response(child.stderr).text();
  const peaks = new Map<string, number>();
  let running = true;
  const ended = child.status.finally(() => running = false);
  while (running) {
    for (const pid of [child.pid, ...childrenOf(child.pid)]) note(peaks, pid);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  const { success, code } = await ended;
  if (!success) throw new Error(`exit code ${code}: ${(await said).trim()}`);
  return { wall: (performance.now() - started) / 1000, peaks };
}

function pipeScript(
  pipe: readonly (readonly string[])[],
  { input = "/dev/null", output = "/dev/null" }: { readonly input?: string; readonly output?: string },
): string {
  const [first, ...rest] = pipe.map((command) => command.map(quoted).join(" "));
  return `set -o pipefail; ${[`${first} < ${quoted(input)}`, ...rest].join(" | ")} > ${quoted(output)}`;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Keeps the highest memory that a process has had so far, when it is azml and still there. */
function note(peaks: Map<string, number>, pid: number): void {
  const words = readOf(pid, "cmdline").split("\0");
  const command = words.includes("run") ? COMMANDS.find((one) => words.includes(one)) : undefined;
  const kilobytes = Number(/^VmHWM:\s+(\d+) kB/m.exec(readOf(pid, "status"))?.[1] ?? 0);
  if (command === undefined) return;
  peaks.set(command, Math.max(peaks.get(command) ?? 0, kilobytes / 1024));
}

function childrenOf(pid: number): readonly number[] {
  return readOf(pid, `task/${pid}/children`).split(" ").filter((word) => word !== "").map(Number);
}

/** A file of a process in `/proc`; empty when the process has gone. */
function readOf(pid: number, file: string): string {
  try {
    return Deno.readTextFileSync(`/proc/${pid}/${file}`);
  } catch {
    return "";
  }
}
