import { createHash } from "node:crypto";

/**
 * The same bytes, with an error behind the last one when they are not those of an MD5 (hex): what `differs` makes of the
 * one that came.
 */
export function md5Checked(
  stream: ReadableStream<Uint8Array>,
  md5: string,
  differs: (came: string) => Error,
): ReadableStream<Uint8Array> {
  const hash = createHash("md5");
  return stream.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        hash.update(chunk);
        controller.enqueue(chunk);
      },
      flush() {
        const came = hash.digest("hex");
        if (came !== md5.toLowerCase()) throw differs(came);
      },
    }),
  );
}
