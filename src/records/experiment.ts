import * as z from "zod";
import { incompleteField, millisecondsField, stringsField, textField } from "./asset_fields.ts";

/** An experiment; its runs are `job` records that name it. It comes before them. */
export const experimentSchema = z.looseObject({
  kind: z.literal("experiment"),
  v: z.literal(1),
  /** Experiment id in the source. */
  id: z.string().min(1),
  source: z.exactOptional(z.string()),
  name: textField,
  /** `active` or `deleted`. */
  lifecycle_stage: textField,
  archived: z.exactOptional(z.nullable(z.boolean())),
  artifact_location: textField,
  creation_time: millisecondsField,
  last_update_time: millisecondsField,
  tags: stringsField,
  incomplete: incompleteField,
});

/** See {@linkcode experimentSchema}. */
export type ExperimentRecord = z.infer<typeof experimentSchema>;
