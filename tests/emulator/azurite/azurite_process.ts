import type { SeedCommand } from "./seed_command.ts";
import { TextLineStream } from "./text_line_stream.ts";

/** An account of the blob service. */
export interface Account {
  readonly name: string;
  /** Base64. */
  readonly key: string;
}

/** Azurite in a process of its own: in memory, one account per workspace. Ends when this process ends. */
export class AzuriteProcess {
  /** Port of the blob service on 127.0.0.1. */
  readonly port: number;
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #answers: ReadableStreamDefaultReader<string>;

  private constructor(
    port: number,
    child: Deno.ChildProcess,
    answers: ReadableStreamDefaultReader<string>,
  ) {
    this.port = port;
    this.#child = child;
    this.#input = child.stdin.getWriter();
    this.#answers = answers;
  }

  /** Starts it and waits until it serves. Throws when it does not come up. */
  static async start(accounts: readonly Account[]): Promise<AzuriteProcess> {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--quiet", new URL("child.ts", import.meta.url).pathname],
      env: {
        AZURITE_ACCOUNTS: accounts.map(({ name, key }) => `${name}:${key}`).join(";"),
        NODE_NO_WARNINGS: "1",
      },
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const answers = child.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream())
      .getReader();
    const first = await answers.read();
    const port: unknown = first.done ? null : JSON.parse(first.value).port;
    if (typeof port !== "number") throw new Error("Azurite did not come up");
    return new AzuriteProcess(port, child, answers);
  }

  /** Puts many small blobs at once; answers how many. Commands are carried out one after another. */
  async seed(command: SeedCommand): Promise<number> {
    await this.#input.write(new TextEncoder().encode(`${JSON.stringify(command)}\n`));
    const line = await this.#answers.read();
    const answer: { seeded?: number; error?: string } = line.done
      ? { error: "no answer" }
      : JSON.parse(line.value);
    if (answer.seeded === undefined) throw new Error(`seeding blobs: ${answer.error}`);
    return answer.seeded;
  }

  /** Ends the process and waits until it is gone. */
  async stop(): Promise<void> {
    await this.#input.close().catch(() => {});
    const gone = await Promise.race([
      this.#child.status,
      new Promise<null>((done) => setTimeout(done, 3000, null)),
    ]);
    if (gone === null) {
      this.#child.kill("SIGKILL");
      await this.#child.status;
    }
    await this.#answers.cancel().catch(() => {});
  }
}
