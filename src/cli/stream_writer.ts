import type { Stream } from "../records/item.ts";
import type { LineEncoder } from "../records/line_encoder.ts";

/** A write costs a hop to another thread and back, so that few large ones are cheaper. */
const FLUSH_CHARS = 256 * 1024;
const IDLE_MS = 20;

/** Room for a batch, and for many a letter of several bytes in it. */
const BUFFER_BYTES = 2 * FLUSH_CHARS;

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
    for (let at = 0; at < text.length;) {
      const { read, written } = bytes.of(at === 0 ? text : text.slice(at));
      await sink(written);
      at += read;
    }
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

/**
 * Texts as UTF-8 in one buffer. A new one for each text is memory that the system has to clear each time, and that
 * stays until the next collection of garbage, which knows little of it.
 */
class ReusedBytes {
  readonly #encoder = new TextEncoder();
  readonly #buffer = new Uint8Array(BUFFER_BYTES);

  /** As much of a text as there is room for: UTF-16 units read, and bytes that are good until the next call. */
  of(text: string): { readonly read: number; readonly written: Uint8Array } {
    const { read, written } = this.#encoder.encodeInto(text, this.#buffer);
    return { read, written: this.#buffer.subarray(0, written) };
  }
}
