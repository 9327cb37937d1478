import { Readable } from "node:stream";
import type { PipelinePolicy } from "@azure/core-rest-pipeline";
import { Failure } from "../records/failure.ts";
import { planOf, type Plans } from "./plan.ts";
import type { Content } from "./wire.ts";

/** One reading of a content: what the http library is given, and what went wrong on the way to it. */
interface Reading {
  readonly body: Readable;
  /** Aborted when the other side takes nothing for too long. */
  readonly stalled: AbortSignal;
  failure(): unknown;
  close(): Promise<void>;
}

/**
 * Opens the bytes that a request carries, anew for each try, outside of pacing: reading them may need requests to the
 * same host. A try lasts as long as bytes move. What the source of the bytes throws is thrown as it is.
 */
export function contentPolicy(plans: Plans): PipelinePolicy {
  return {
    name: "azmlContent",
    async sendRequest(request, next) {
      const { content, signal, stallMs } = planOf(plans, request);
      if (content === null) return await next(request);
      const reading = await openReading(content, stallMs);
      request.body = () => reading.body;
      request.headers.set("content-type", content.type);
      if (content.size !== null) request.headers.set("content-length", String(content.size));
      request.timeout = 0;
      request.abortSignal = AbortSignal.any([reading.stalled, ...(signal === undefined ? [] : [signal])]);
      try {
        return await next(request);
      } catch (error) {
        throw reading.failure() ?? error;
      } finally {
        await reading.close();
      }
    },
  };
}

async function openReading(content: Content, stallMs: number): Promise<Reading> {
  const stream = await content.open();
  const stall = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failure: unknown;
  const watch = () => {
    clearTimeout(timer);
    timer = setTimeout(() => stall.abort(), stallMs);
  };
  async function* chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    let sent = 0;
    try {
      for await (const chunk of stream) {
        sent += chunk.length;
        watch();
        yield chunk;
      }
      if (content.size !== null && sent !== content.size) throw differs(sent, content.size);
    } catch (error) {
      failure = error;
      throw error;
    }
    watch();
  }
  const body = Readable.from(chunks(), { objectMode: false });
  return {
    body,
    stalled: stall.signal,
    failure: () => failure,
    async close() {
      clearTimeout(timer);
      body.destroy();
      // Not begun, or broken off: whoever made the stream may hold a connection for it.
      if (!stream.locked) await stream.cancel().catch(() => {});
    },
  };
}

function differs(sent: number, size: number): Failure {
  return new Failure(`${sent} bytes came where ${size} were announced`, {
    code: "content_differs",
    reach: "record",
    retryable: true,
    hint: "the source may have changed while it was copied: run it again",
  });
}
