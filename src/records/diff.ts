import * as z from "zod";
import { jsonSchema } from "./json.ts";

/** One field that differs between the two sides. */
export const fieldDiffSchema = z.looseObject({
  field: z.string(),
  source: z.exactOptional(jsonSchema),
  target: z.exactOptional(jsonSchema),
  message: z.exactOptional(z.string()),
});

/** See {@linkcode fieldDiffSchema}. */
export type FieldDiff = z.infer<typeof fieldDiffSchema>;

/** What `verify` writes for each object: `=` same, `+` only in the source, `-` only in the target, `*` differs, `!` could not be read. */
export const diffSchema = z.looseObject({
  kind: z.literal("diff"),
  v: z.literal(1),
  /** Id of the job in the source. */
  id: z.string(),
  symbol: z.enum(["=", "+", "-", "*", "!"]),
  fields: z.array(fieldDiffSchema),
  /** Id in the target, where there is one. */
  target: z.exactOptional(z.nullable(z.string())),
});

/** See {@linkcode diffSchema}. */
export type DiffRecord = z.infer<typeof diffSchema>;
