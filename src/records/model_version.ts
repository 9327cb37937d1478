import * as z from "zod";
import { artifactsSchema } from "./artifacts.ts";
import { incompleteField, millisecondsField, stringsField, textField } from "./asset_fields.ts";

/** A version of a registered model; those of one model follow it in numeric order. */
export const modelVersionSchema = z.looseObject({
  kind: z.literal("model_version"),
  v: z.literal(1),
  /** `<name>/<version>`. */
  id: z.string().min(1),
  source: z.exactOptional(z.string()),
  name: textField,
  /** Digits. */
  version: textField,
  description: textField,
  user_id: textField,
  /** `None`, `Staging`, `Production`, `Archived`. */
  current_stage: textField,
  status: textField,
  status_message: textField,
  tags: stringsField,
  aliases: z.exactOptional(z.nullable(z.array(z.string()))),
  /** The run that it came from; null, or a run that is gone, is common. */
  run_id: textField,
  run_link: textField,
  /** Name of that run's experiment. */
  experiment: textField,
  /** MLflow's `source`: the URI of the model's files. */
  source_uri: textField,
  /** Path of the model's files below the run's artifacts; null when they lie elsewhere. */
  path: textField,
  /** The logged model that it rests on (MLflow 3). */
  model_id: textField,
  creation_timestamp: millisecondsField,
  last_updated_timestamp: millisecondsField,
  /** Its files, where no run and no logged model of the source holds them. */
  artifacts: z.exactOptional(z.nullable(artifactsSchema)),
  incomplete: incompleteField,
});

/** See {@linkcode modelVersionSchema}. */
export type ModelVersionRecord = z.infer<typeof modelVersionSchema>;
