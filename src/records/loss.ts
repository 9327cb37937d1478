import * as z from "zod";
import { jsonSchema } from "./json.ts";

/** A value that could not be carried as it was, and what became of it. */
export const lossSchema = z.looseObject({
  /** Path of the value in the record, e.g. `tags.note` or `created_at`. */
  field: z.string(),
  change: z.enum(["dropped", "truncated", "renamed", "moved", "rewritten"]),
  reason: z.string(),
  /** The whole value as it was, where that is small enough to say. */
  original: z.exactOptional(jsonSchema),
});

/** See {@linkcode lossSchema}. */
export type Loss = z.infer<typeof lossSchema>;
