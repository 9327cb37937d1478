import type { Stream } from "../records/item.ts";
import type { LineEncoder } from "../records/line_encoder.ts";

const FLUSH_CHARS = 64 * 1024;
const IDLE_MS = 20;

/** Where lines go. */
export type Sink = (bytes: Uint8Array) => Promise<void>;

/**
 * Writes a stream as NDJSON: in batches of 64 KiB, each write awaited, and whatever is held is flushed as soon as
 * the stream makes it wait. Ends the stream (its `finally` blocks run) when `sink` throws.
 */
export async function writeStream(stream: Stream, lines: LineEncoder, sink: Sink): Promise<void> {
  const source = stream[Symbol.asyncIterator]();
  const bytes = new TextEncoder();
  let held = "";
  const flush = async () => {
    const text = held;
    held = "";
    if (text !== "") await sink(bytes.encode(text));
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
