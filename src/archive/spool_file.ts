import { Failure } from "../records/failure.ts";

/** The few calls of an open file that a spool needs; `Deno.FsFile` fits. */
export interface SpoolHandle {
  seek(offset: number, whence: Deno.SeekMode): Promise<number>;
  read(into: Uint8Array): Promise<number | null>;
  write(bytes: Uint8Array): Promise<number>;
  close(): void;
}

/** A temporary file that is appended to and read from any place, one call at a time. */
export class SpoolFile {
  readonly #handle: SpoolHandle;
  readonly #place: string;
  readonly #remove: () => Promise<void>;
  #turn: Promise<unknown> = Promise.resolve();
  #length = 0;

  constructor(handle: SpoolHandle, place: string, remove: () => Promise<void>) {
    this.#handle = handle;
    this.#place = place;
    this.#remove = remove;
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  /** Appends all bytes. Throws `Failure` of reach `disk`. */
  append(bytes: Uint8Array): Promise<void> {
    return this.#inTurn("write to", async () => {
      await this.#handle.seek(this.#length, Deno.SeekMode.Start);
      for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await this.#handle.write(rest));
      this.#length += bytes.length;
    });
  }

  /** Reads bytes from `offset` into `room`, at least one; answers the part that was filled. Throws `Failure` of reach `disk`. */
  read(offset: number, room: Uint8Array): Promise<Uint8Array> {
    return this.#inTurn("read", async () => {
      await this.#handle.seek(offset, Deno.SeekMode.Start);
      const count = await this.#handle.read(room);
      if (count === null || count === 0) throw new Error("it is shorter than what was written to it");
      return room.subarray(0, count);
    });
  }

  /** Closes and removes the file, after what is under way. */
  async close(): Promise<void> {
    await this.#turn.catch(() => {});
    this.#handle.close();
    await this.#remove();
  }

  /** The file has one position, so that seek and read or write must not mix with others. */
  #inTurn<T>(act: string, work: () => Promise<T>): Promise<T> {
    const done = this.#turn.catch(() => {}).then(work).catch((cause: unknown) => {
      throw spoolFailure(act, this.#place, cause);
    });
    this.#turn = done;
    return done;
  }
}

/**
 * Makes a temporary file that its owner alone may read (mode 0600). Where the system allows, it loses its name at once,
 * so that even a killed process leaves nothing behind; else it is removed when closed. Throws `Failure` of reach `disk`.
 */
export async function openSpoolFile(dir: string | undefined): Promise<SpoolFile> {
  const place = dir ?? "the folder for temporary files";
  try {
    const path = await Deno.makeTempFile({
      prefix: "azml-",
      suffix: ".spool",
      ...(dir === undefined ? {} : { dir }),
    });
    const handle = await Deno.open(path, { read: true, write: true });
    const removed = await Deno.remove(path).then(() => true, () => false);
    return new SpoolFile(handle, path, () => removed ? Promise.resolve() : Deno.remove(path).catch(() => {}));
  } catch (cause) {
    throw spoolFailure("make", place, cause);
  }
}

function spoolFailure(act: string, place: string, cause: unknown): Failure {
  const answer = cause instanceof Error ? cause.message : String(cause);
  return new Failure(`could not ${act} a temporary file in ${place}: ${answer}`, {
    code: "spool_failed",
    reach: "disk",
    hint: "free space there, or set TMPDIR to a folder with room that can be written, and run it again",
    retryable: false,
    cause,
  });
}
