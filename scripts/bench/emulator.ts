/** An emulator in a process of its own, so that the bench itself is idle while it measures. */
export interface BenchEmulator {
  readonly source: string;
  readonly target: string;
  /** With the stand-in `az` in front. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Starts `deno task emulator` with its options, and waits until it serves. Its files lie in `folder`. */
export async function startBenchEmulator(
  folder: string,
  ...options: readonly string[]
): Promise<BenchEmulator> {
  await Deno.mkdir(folder, { recursive: true });
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", "tests/emulator/serve.ts", "--out", folder, ...options],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let said = "";
  while (!said.includes("Stop it with")) {
    const { done, value } = await lines.read();
    if (done) throw new Error(`the emulator did not start: ${said}`);
    said += value;
  }
  return {
    source: `${folder}/a.json`,
    target: `${folder}/b.json`,
    env: { PATH: `${folder}/bin:${Deno.env.get("PATH") ?? ""}` },
    async stop() {
      child.kill("SIGINT");
      await lines.cancel();
      await child.status;
    },
  };
}
