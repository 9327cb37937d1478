import { fileURLToPath } from "node:url";
import { PERMISSIONS } from "../../scripts/permissions.ts";
import { V8_FLAGS } from "../../scripts/v8_flags.ts";

/** What a shell line did. */
export interface ShellRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Exit code of each part of the pipe. */
  readonly parts: readonly number[];
}

const MAIN = fileURLToPath(new URL("../../main.ts", import.meta.url));

/**
 * The words that start azml: from source, or what `AZML_COMMAND` (a JSON array) says, so that the very same tests
 * run on the bundle.
 */
export function azmlCommand(): readonly string[] {
  const given = Deno.env.get("AZML_COMMAND");
  if (!given) return [Deno.execPath(), "run", "--quiet", V8_FLAGS, ...PERMISSIONS, MAIN];
  const words: unknown = JSON.parse(given);
  if (!Array.isArray(words) || !words.every((word) => typeof word === "string")) {
    throw new TypeError("AZML_COMMAND is not a JSON array of strings");
  }
  return words;
}

/** A folder to work in, with an `azml` on its PATH, where lines of the README run as they stand. */
export class Shell implements AsyncDisposable {
  readonly #path: string;

  private constructor(readonly dir: string, path: readonly string[]) {
    this.#path = [`${dir}/bin`, ...path, Deno.env.get("PATH") ?? ""].join(":");
  }

  /** `path`: folders to put before PATH, e.g. that of the emulator's stand-in `az`. */
  static async make(path: readonly string[] = []): Promise<Shell> {
    const dir = await Deno.makeTempDir({ prefix: "azml-e2e-" });
    await Deno.mkdir(`${dir}/bin`);
    const words = azmlCommand().map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
    await Deno.writeTextFile(`${dir}/bin/azml`, `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 });
    return new Shell(dir, path);
  }

  /** Runs a line of bash in the folder. */
  async run(line: string, stdin?: string): Promise<ShellRun> {
    const child = new Deno.Command("bash", {
      args: [
        "-c",
        `${line}\n__parts=("\${PIPESTATUS[@]}"); echo "\${__parts[*]}" > "${this.dir}/.parts"; exit "\${__parts[-1]}"`,
      ],
      cwd: this.dir,
      env: { PATH: this.#path, NO_COLOR: "1" },
      stdin: stdin === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    if (stdin !== undefined) await feed(child, stdin);
    const { code, stdout, stderr } = await child.output();
    const parts = (await Deno.readTextFile(`${this.dir}/.parts`)).trim().split(" ").map(Number);
    const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { code, stdout: decode(stdout), stderr: decode(stderr), parts };
  }

  /** Reads a file of the folder. */
  read(name: string): Promise<string> {
    return Deno.readTextFile(`${this.dir}/${name}`);
  }

  /** Writes a file of the folder. */
  write(name: string, content: string): Promise<void> {
    return Deno.writeTextFile(`${this.dir}/${name}`, content);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.dir, { recursive: true });
  }
}

async function feed(child: Deno.ChildProcess, text: string): Promise<void> {
  const writer = child.stdin.getWriter();
  try {
    await writer.write(new TextEncoder().encode(text));
    await writer.close();
  } catch {
    // The line stopped reading early: its exit code and output tell the rest.
  }
}

/** The records of NDJSON text. */
export function recordsOf(ndjson: string): readonly Record<string, unknown>[] {
  return ndjson.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}
