import type { Stream } from "../records/item.ts";
import type { LineEncoder } from "../records/line_encoder.ts";

/** A write costs a hop to another thread and back, so that few large ones are cheaper. */
const FLUSH_CHARS = 256 * 1024;
const IDLE_MS = 20;

/** The buffer that is kept: room for a batch of whatever letters. Larger ones are made for the one time. */
const KEPT_BYTES = 4 * FLUSH_CHARS;

/** Where lines go. The bytes are good until the promise settles. */
export type Sink = (bytes: Uint8Array) => Promise<void>;

/**
 * Writes a stream as NDJSON: in batches of 256 KiB, each write awaited, and whatever is held is flushed as soon as
 * the stream makes it wait. Ends the stream (its `finally` blocks run) when `sink` throws.
 */
export async function writeStream(stream: Stream, lines: LineEncoder, sink: Sink): Promise<void> {
  const source = stream[Symbol.asyncIterator]();
  const bytes = new ReusedBytes();
  let held = "";
  const flush = async () => {
    const text = held;
    held = "";
    if (text !== "") await sink(bytes.of(text));
  };
  try {
    for (;;) {
      const next = source.next();
      if (held !== "" && !(await settlesSoon(next))) await flush();
      const { done, value: batch } = await next;
      if (done) break;
      for (const item of batch) {
        held += lines.encode([item]);
        if (held.length >= FLUSH_CHARS) await flush();
      }
    }
  } catch (error) {
    await flushAfter(flush);
    throw error;
  } finally {
    await source.return?.();
  }
  await flush();
}

/** What a stage emitted before it failed is still written. */
async function flushAfter(flush: () => Promise<void>): Promise<void> {
  try {
    await flush();
  } catch {
    // The first error is the one to tell.
  }
}

async function settlesSoon(promise: Promise<unknown>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const idle = new Promise<boolean>((resolve) => timer = setTimeout(() => resolve(false), IDLE_MS));
  const settled = promise.then(() => true, () => true);
  const soon = await Promise.race([settled, idle]);
  clearTimeout(timer);
  return soon;
}

/** Texts as UTF-8, all in one buffer: a new one for each is memory that the system has to clear each time. */
class ReusedBytes {
  readonly #encoder = new TextEncoder();
  #buffer = new Uint8Array(0);

  /** The bytes of a text, good until the next one is asked for. */
  of(text: string): Uint8Array {
    // Three bytes a UTF-16 unit is the most there can be.
    if (text.length * 3 > KEPT_BYTES) return this.#encoder.encode(text);
    if (this.#buffer.length === 0) this.#buffer = new Uint8Array(KEPT_BYTES);
    return this.#buffer.subarray(0, this.#encoder.encodeInto(text, this.#buffer).written);
  }
}
