const POLL_MS = 10;

/**
 * Runs a line of bash in which each `azml` writes its process id to the file `$PIDS` (see `bench_azml.ts`), and
 * answers the peak resident memory of each azml process in MiB, in the order in which they started. Linux alone: the
 * figure is `VmHWM`, which the kernel keeps, so that looking often does not change it. Throws when the line fails.
 */
export async function peakMemory(line: string, env: Readonly<Record<string, string>>): Promise<number[]> {
  const pids = await Deno.makeTempFile();
  const child = new Deno.Command("bash", {
    args: ["-c", `set -o pipefail; ${line}`],
    env: { ...env, PIDS: pids },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const peaks = new Map<string, number>();
  const ended = child.output();
  let running = true;
  ended.finally(() => running = false);
  while (running) {
    for (const pid of (await Deno.readTextFile(pids)).split("\n")) await note(pid, peaks);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  await Deno.remove(pids);
  const { code, stderr } = await ended;
  if (code !== 0) throw new Error(`bench: "${line}" ended with ${code}: ${new TextDecoder().decode(stderr)}`);
  return [...peaks.values()];
}

async function note(pid: string, peaks: Map<string, number>): Promise<void> {
  if (pid === "") return;
  try {
    const peak = /^VmHWM:\s+(\d+) kB/m.exec(await Deno.readTextFile(`/proc/${pid}/status`))?.[1];
    if (peak !== undefined) peaks.set(pid, Number(peak) / 1024);
  } catch (error) {
    // It has ended: what was seen last stands.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
