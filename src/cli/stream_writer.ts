import { encodeItem } from "../records/ndjson_write.ts";
import type { Item, Stream } from "../records/item.ts";

const FLUSH_CHARS = 64 * 1024;
const IDLE_MS = 20;

/** Where lines go. */
export type Sink = (bytes: Uint8Array) => Promise<void>;

/**
 * Writes a stream as NDJSON: in batches of 64 KiB, each write awaited, and whatever is held is flushed as soon as
 * the stream makes it wait. Answers the last item. Ends the stream (its `finally` blocks run) when `sink` throws.
 */
export async function writeStream(stream: Stream, sink: Sink): Promise<Item | null> {
  const source = stream[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  let held = "";
  let last: Item | null = null;
  const flush = async () => {
    const bytes = encoder.encode(held);
    held = "";
    if (bytes.length > 0) await sink(bytes);
  };
  try {
    for (;;) {
      const next = source.next();
      if (held !== "" && !(await settlesSoon(next))) await flush();
      const { done, value: batch } = await next;
      if (done) break;
      for (const item of batch) {
        held += encodeItem(item) + "\n";
        if (held.length >= FLUSH_CHARS) await flush();
        last = item;
      }
    }
  } catch (error) {
    await flushAfter(error, flush);
    throw error;
  } finally {
    await source.return?.();
  }
  await flush();
  return last;
}

/** What a stage emitted before it failed is still written; a sink that is broken stays broken. */
async function flushAfter(_error: unknown, flush: () => Promise<void>): Promise<void> {
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
