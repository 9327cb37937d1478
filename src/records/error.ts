import * as z from "zod";

/** One record-level failure, right behind its record; the stream goes on. */
export const errorSchema = z.looseObject({
  kind: z.literal("error"),
  v: z.literal(1),
  /** The stage that met it, e.g. `extract`. */
  stage: z.string(),
  /** Id of the record it is about. */
  id: z.exactOptional(z.string()),
  /** 1-based line of the input it is about. */
  line: z.exactOptional(z.number()),
  /** The part of the record that it is about, as in its `incomplete`, e.g. `children`, `metrics/loss`, `artifacts`. */
  part: z.exactOptional(z.string()),
  code: z.string(),
  message: z.string(),
  hint: z.exactOptional(z.string()),
  retryable: z.boolean(),
});

/** See {@linkcode errorSchema}. */
export type ErrorRecord = z.infer<typeof errorSchema>;
