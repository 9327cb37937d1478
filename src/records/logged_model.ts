import * as z from "zod";
import { artifactsSchema } from "./artifacts.ts";
import { incompleteField, millisecondsField, stringsField, textField } from "./asset_fields.ts";
import { jsonSchema } from "./json.ts";

/** A logged model (MLflow 3): a model that a run logged, with files of its own. It comes after its run. */
export const loggedModelSchema = z.looseObject({
  kind: z.literal("logged_model"),
  v: z.literal(1),
  /** `m-...`. */
  id: z.string().min(1),
  source: z.exactOptional(z.string()),
  name: textField,
  /** Name of its experiment. */
  experiment: textField,
  /** The run that logged it. */
  source_run_id: textField,
  model_type: textField,
  /** `LOGGED_MODEL_READY` and the like, as the service says it. */
  status: textField,
  status_message: textField,
  creation_timestamp_ms: millisecondsField,
  last_updated_timestamp_ms: millisecondsField,
  artifact_uri: textField,
  tags: stringsField,
  params: stringsField,
  /** As the service gives them: `{key, value, timestamp, step, run_id?, dataset_name?, dataset_digest?}`. */
  metrics: z.exactOptional(z.nullable(z.array(jsonSchema))),
  artifacts: z.exactOptional(z.nullable(artifactsSchema)),
  incomplete: incompleteField,
});

/** See {@linkcode loggedModelSchema}. */
export type LoggedModelRecord = z.infer<typeof loggedModelSchema>;
