import * as z from "zod";

const perKind = z.record(z.string(), z.number());

/**
 * What went through a stage. For the data kinds together `in = out + dropped + failed`; a kind that the stage
 * passes on balances by itself. `error` counts only the errors of earlier stages that were passed on.
 */
export const countsSchema = z.looseObject({
  in: perKind,
  out: perKind,
  dropped: z.number(),
  failed: z.number(),
  /** Records that came or went out incomplete. */
  incomplete: z.number(),
  bad_lines: z.number(),
  /** Requests sent to services. */
  calls: z.number(),
  /** Files named (extract) or carried (submit). */
  files: z.number(),
  bytes: z.number(),
});

/** See {@linkcode countsSchema}. */
export type Counts = z.infer<typeof countsSchema>;

/** The last line of every stage that finished on purpose. */
export const endSchema = z.looseObject({
  kind: z.literal("end"),
  v: z.literal(1),
  stage: z.string(),
  /** False when the stage was interrupted or could not go on. */
  complete: z.boolean(),
  counts: countsSchema,
  /** The `end` records of the stages before, oldest first. */
  upstream: z.array(z.looseObject({})),
});

/** See {@linkcode endSchema}. */
export type EndRecord = z.infer<typeof endSchema>;
