import * as z from "zod";
import { lossSchema } from "./loss.ts";

/** What became of a unit in the target. */
export const outcomeSchema = z.enum(["created", "updated", "unchanged", "adopted", "skipped", "failed"]);
/** See {@linkcode outcomeSchema}. */
export type Outcome = z.infer<typeof outcomeSchema>;

/** What was tried and went wrong. */
export const receiptErrorSchema = z.looseObject({
  code: z.string(),
  message: z.string(),
  hint: z.exactOptional(z.string()),
  retryable: z.boolean(),
});

/** What `submit` writes as each unit settles. */
export const receiptSchema = z.looseObject({
  kind: z.literal("receipt"),
  v: z.literal(1),
  /** Id of the unit = target name. */
  unit: z.string(),
  /** Id of the job in the source. */
  original: z.nullable(z.string()),
  /** Id of the object in the target; null when nothing was made. */
  target: z.nullable(z.string()),
  outcome: outcomeSchema,
  reason: z.exactOptional(z.string()),
  /** The steps done for this unit, e.g. `["create","metrics","artifacts","finish"]`. */
  steps: z.array(z.string()),
  artifacts: z.looseObject({
    files: z.number(),
    bytes: z.number(),
    failed: z.array(z.looseObject({ path: z.string(), code: z.string(), message: z.string() })),
  }),
  loss: z.array(lossSchema),
  dry_run: z.exactOptional(z.boolean()),
  error: z.exactOptional(receiptErrorSchema),
});

/** See {@linkcode receiptSchema}. */
export type ReceiptRecord = z.infer<typeof receiptSchema>;
