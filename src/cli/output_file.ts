import { Failure } from "../records/failure.ts";
import type { Log } from "../stages/ports.ts";
import type { Sink } from "./stream_writer.ts";

/**
 * Lets `work` write to a file that appears under its name only when the work has come to an end on purpose: a
 * broken run leaves whatever was there before. Without a path, `work` writes to stdout.
 */
export async function outputTo(
  path: string | undefined,
  log: Pick<Log, "warn">,
  work: (sink: Sink | null) => Promise<number>,
): Promise<void> {
  if (path === undefined) {
    await work(null);
    return;
  }
  await refuseFolder(path);
  const partial = `${path}.partial-${crypto.randomUUID().slice(0, 8)}`;
  const file = await onDisk(path, () => Deno.open(partial, { createNew: true, write: true, mode: 0o600 }));
  let kept = false;
  try {
    const code = await work((bytes) => onDisk(path, () => writeAll(file, bytes)));
    await onDisk(path, () => file.syncData());
    // Exit 3 is a whole stream that says what failed; every other failure means that its end is missing.
    if (code === 0 || code === 3) {
      await onDisk(path, () => Deno.rename(partial, path));
      kept = true;
    } else log.warn(`${path} was not written${INTERRUPTED.has(code) ? ": interrupted" : ""}`);
  } finally {
    file.close();
    if (!kept) await Deno.remove(partial).catch(() => {});
  }
}

/** Exit codes after a signal. */
const INTERRUPTED: ReadonlySet<number> = new Set([130, 143]);

/** Before anything is read: a file can be put in the place of a file alone. */
async function refuseFolder(path: string): Promise<void> {
  const there = await Deno.stat(path).catch(() => null);
  if (there?.isDirectory !== true) return;
  throw new Failure(`cannot write --output ${path}: it is a folder; name a file`, {
    code: "output_file",
    reach: "disk",
    retryable: false,
  });
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await file.write(rest));
}

async function onDisk<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    throw new Failure(`cannot write --output ${path}: ${cause instanceof Error ? cause.message : cause}`, {
      code: "output_file",
      reach: "disk",
      retryable: false,
      cause,
    });
  }
}
