import * as z from "zod";
import { incompleteField, millisecondsField, stringsField, textField } from "./asset_fields.ts";

/** A registered model without its versions, which follow as `model_version` records. */
export const modelSchema = z.looseObject({
  kind: z.literal("model"),
  v: z.literal(1),
  /** The model's name. */
  id: z.string().min(1),
  source: z.exactOptional(z.string()),
  name: textField,
  description: textField,
  user_id: textField,
  creation_timestamp: millisecondsField,
  last_updated_timestamp: millisecondsField,
  tags: stringsField,
  /** Version by alias. Each alias stands in its version's record, too. */
  aliases: stringsField,
  incomplete: incompleteField,
});

/** See {@linkcode modelSchema}. */
export type ModelRecord = z.infer<typeof modelSchema>;
