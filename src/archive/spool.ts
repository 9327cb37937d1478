import type { Spool, SpoolMaker } from "../stages/ports.ts";
import { frame, unframe } from "./spool_frame.ts";
import { openSpoolFile, type SpoolFile } from "./spool_file.ts";

/** How spools are made. */
export interface SpoolOptions {
  /** Bytes that all spools of one maker hold in memory before further text goes to files; 8 MiB when absent. */
  readonly memoryLimit?: number;
  /** Folder of the file; the system's folder for temporary files when absent. */
  readonly dir?: string;
}

const MEMORY_LIMIT = 8 * 1024 * 1024;

/** Text is held and written in blocks of about this many bytes. */
const BLOCK = 64 * 1024;

/**
 * Makes spools: text set aside, in memory up to a limit that they share and then in a temporary file each, which is
 * made only when needed. `append` and `read` throw `Failure` of reach `disk` when that file cannot be made, written
 * or read.
 */
export function spoolMaker(options: SpoolOptions = {}): SpoolMaker {
  const memory = new SharedMemory(options.memoryLimit ?? MEMORY_LIMIT);
  return () => new MemoryThenFile(memory, options.dir);
}

/** How much memory the spools of one maker have left: several jobs with a million points each may be read at once. */
class SharedMemory {
  readonly limit: number;
  #free: number;

  constructor(limit: number) {
    this.limit = limit;
    this.#free = limit;
  }

  /** Takes so many bytes; false when there are not so many left. */
  take(bytes: number): boolean {
    if (bytes > this.#free) return false;
    this.#free -= bytes;
    return true;
  }

  give(bytes: number): void {
    this.#free += bytes;
  }
}

class MemoryThenFile implements Spool {
  readonly #memory: SharedMemory;
  readonly #dir: string | undefined;
  readonly #encoder = new TextEncoder();
  #size = 0;
  /** Whole blocks in memory: bytes and not strings, because a line's string keeps its whole chunk alive. */
  #blocks: Uint8Array[] = [];
  #held = 0;
  /** What came last, not yet a block. */
  #pending = "";
  #file: Promise<SpoolFile> | null = null;
  #closed = false;

  constructor(memory: SharedMemory, dir: string | undefined) {
    this.#memory = memory;
    this.#dir = dir;
  }

  get size(): number {
    return this.#size;
  }

  async append(piece: string): Promise<void> {
    if (this.#closed) throw new Error("append to a spool that was closed");
    this.#size += 1;
    this.#pending += frame(piece);
    if (this.#pending.length >= Math.min(BLOCK, this.#memory.limit)) await this.#settle();
  }

  async *read(): AsyncGenerator<string, void, undefined> {
    if (this.#closed) throw new Error("read from a spool that was closed");
    // What comes while reading is not part of it: blocks are only ever added behind these.
    await this.#settle();
    const blocks = this.#blocks.length;
    const file = await this.#file;
    const length = file?.length ?? 0;
    for (let i = 0; i < blocks; i++) {
      const block = this.#blocks[i];
      if (block !== undefined) yield* unframe(new TextDecoder("utf-8", { ignoreBOM: true }).decode(block));
    }
    if (file !== null) yield* readLines(file, length);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#blocks = [];
    this.#memory.give(this.#held);
    this.#pending = "";
    const file = await this.#file?.catch(() => null);
    await file?.close();
  }

  /** Makes a block of what is pending: in memory while there is room, in the file from then on. */
  async #settle(): Promise<void> {
    if (this.#pending === "") return;
    const bytes = this.#encoder.encode(this.#pending);
    this.#pending = "";
    if (this.#file === null && this.#memory.take(bytes.length)) {
      this.#blocks.push(bytes);
      this.#held += bytes.length;
      return;
    }
    this.#file ??= openSpoolFile(this.#dir);
    // Appends to the file queue up in it in the order of these calls, also while it is being opened.
    await (await this.#file).append(bytes);
  }
}

/** Reads the lines of the first `length` bytes of a file, a block at a time. */
async function* readLines(file: SpoolFile, length: number): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const room = new Uint8Array(BLOCK);
  let rest = "";
  for (let at = 0; at < length;) {
    const bytes = await file.read(at, room.subarray(0, Math.min(BLOCK, length - at)));
    at += bytes.length;
    const text = decoder.decode(bytes, { stream: true });
    const last = text.lastIndexOf("\n");
    if (last < 0) {
      rest += text;
      continue;
    }
    yield* unframe(rest + text.slice(0, last + 1));
    rest = text.slice(last + 1);
  }
}
