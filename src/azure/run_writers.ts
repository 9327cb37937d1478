import type { WrittenRun } from "./written_run.ts";

/** Before the number of a writer, in the properties of a run (see `WriterClaim`). */
export const WRITER_PREFIX = "azml.writer.";

/** How many processes have claimed a run so far. */
export function writersOf(run: WrittenRun): number {
  return Object.keys(run.properties).filter((key) => key.startsWith(WRITER_PREFIX)).length;
}
