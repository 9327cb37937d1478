import { Failure } from "../records/failure.ts";
import { scrub } from "./scrub.ts";

/** The body of an answer as the http library hands it over. */
export interface RawBody {
  readonly chunks: AsyncIterable<Uint8Array | string>;
  /** Breaks off the connection, even while a chunk is being waited for. */
  readonly destroy: () => void;
}

/** What reading a body needs to know. */
export interface BodyOptions {
  /** `GET /path at host`, for messages. */
  readonly name: string;
  /** Bytes that the answer announced; null when it did not. */
  readonly announced: number | null;
  /** Longest wait for a chunk, in milliseconds. */
  readonly stallMs: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * A body as a stream of bytes. It errors with a retryable `Failure`: `cut_body` when the connection breaks or fewer
 * bytes come than were announced, `stalled` when nothing comes for too long, `interrupted` when the signal is aborted.
 */
export function answerBody(raw: RawBody, options: BodyOptions): ReadableStream<Uint8Array> {
  const iterator = raw.chunks[Symbol.asyncIterator]();
  let read = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const step = await nextChunk(iterator, options).catch((error: unknown) => {
        raw.destroy();
        throw bodyFailure(options, read, error);
      });
      if (step.done !== true) {
        const bytes = typeof step.value === "string" ? new TextEncoder().encode(step.value) : step.value;
        read += bytes.length;
        return controller.enqueue(bytes);
      }
      if (options.announced !== null && read < options.announced) throw bodyFailure(options, read, null);
      controller.close();
    },
    cancel: () => raw.destroy(),
  }, { highWaterMark: 0 });
}

/** Nothing came for too long. */
class Stalled extends Error {
  override readonly name = "Stalled";
}

async function nextChunk<T>(
  iterator: AsyncIterator<T>,
  { stallMs }: BodyOptions,
): Promise<IteratorResult<T>> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stalled = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Stalled(`nothing came for ${stallMs / 1000} s`)), stallMs);
  });
  try {
    return await Promise.race([iterator.next(), stalled]);
  } finally {
    clearTimeout(timer);
  }
}

function bodyFailure({ name, announced, signal }: BodyOptions, read: number, cause: unknown): Failure {
  if (signal?.aborted) {
    return new Failure(`interrupted while reading the answer of ${name}`, {
      code: "interrupted",
      reach: "unreachable",
      retryable: true,
      cause,
    });
  }
  const of = announced === null ? "" : ` of ${announced}`;
  const why = cause instanceof Error ? `: ${scrub(cause.message)}` : "";
  return new Failure(`the answer of ${name} broke off after ${read}${of} bytes${why}`, {
    code: cause instanceof Stalled ? "stalled" : "cut_body",
    reach: "record",
    retryable: true,
    hint: "check the network, then run it again",
    cause,
  });
}
