import { Failure } from "../records/failure.ts";

/** What azml reads from and writes to, so that commands can be run in tests without a process. */
export interface Io {
  /** Standard input, in chunks as they come. A chunk is good until the next one is asked for. */
  readonly stdin: AsyncIterable<Uint8Array>;
  /** Writes all of it to standard output; throws {@linkcode DownstreamClosed} when nobody reads any more. */
  write(bytes: Uint8Array): Promise<void>;
  /** Writes text to standard error. */
  note(text: string): void;
  readonly stdinIsTerminal: boolean;
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  env(name: string): string | undefined;
}

/** The reader of standard output has gone (`| head -1`). */
export class DownstreamClosed extends Error {
  override readonly name = "DownstreamClosed";
}

/** The streams of this process. */
export function processIo(): Io {
  return {
    stdin: readStdin(),
    write: writeStdout,
    note: writeStderr,
    // Asked when somebody wants to know: `azml --version` does not.
    get stdinIsTerminal() {
      return Deno.stdin.isTerminal();
    },
    get stdoutIsTerminal() {
      return Deno.stdout.isTerminal();
    },
    get stderrIsTerminal() {
      return Deno.stderr.isTerminal();
    },
    env: (name) => Deno.env.get(name),
  };
}

/** What is asked of standard input at once: what a pipe holds; more would only keep more records alive. */
const READ_BYTES = 64 * 1024;

/** Reads into one buffer: `Deno.stdin.readable` makes a new one a chunk, which costs a tenth of `filter`. */
async function* readStdin(): AsyncGenerator<Uint8Array, void, undefined> {
  const buffer = new Uint8Array(READ_BYTES);
  try {
    for (let read = await Deno.stdin.read(buffer); read !== null; read = await Deno.stdin.read(buffer)) {
      yield buffer.subarray(0, read);
    }
  } catch (cause) {
    throw diskFailure("standard input cannot be read", "stdin", cause);
  }
}

async function writeStdout(bytes: Uint8Array): Promise<void> {
  try {
    for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await Deno.stdout.write(rest));
  } catch (error) {
    // Deno ignores SIGPIPE, so this is the only sign that the reader has gone.
    if (error instanceof Deno.errors.BrokenPipe) throw new DownstreamClosed();
    throw diskFailure("standard output cannot be written", "stdout", error);
  }
}

/** A full disk behind `>`, a folder behind `<`: what the system says is all there is to say. */
function diskFailure(what: string, code: string, cause: unknown): Failure {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new Failure(`${what}: ${why}`, { code, reach: "disk", retryable: false, cause });
}

function writeStderr(text: string): void {
  let rest = new TextEncoder().encode(text);
  try {
    while (rest.length > 0) rest = rest.subarray(Deno.stderr.writeSync(rest));
  } catch {
    // Nobody reads stderr: there is no place left to say it, and the records matter more.
  }
}
