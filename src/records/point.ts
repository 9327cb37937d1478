import * as z from "zod";

/**
 * A number as records carry it: a JSON number, or a string where a JSON number would not survive jq 1.6
 * (`"NaN"`, `"Infinity"`, `"-Infinity"`, integers beyond 2^53).
 */
export const numberSchema = z.union([z.number(), z.string().regex(/^(NaN|-?Infinity|-?\d+)$/)]);

/** See {@linkcode numberSchema}. */
export type RecordNumber = z.infer<typeof numberSchema>;

/** One logged metric point: `[step, timestamp in milliseconds since 1970, value]`. */
export const pointSchema = z.tuple([numberSchema, z.number(), numberSchema]);

/** See {@linkcode pointSchema}. */
export type Point = z.infer<typeof pointSchema>;

/** How many points a job line holds before the rest follows in `points` records. */
export const POINTS_IN_JOB = 50_000;

/** How many points one `points` record holds at most. */
export const POINTS_A_LINE = 10_000;
