import * as z from "zod";
import { jsonSchema } from "./json.ts";
import { artifactsSchema } from "./artifacts.ts";
import { pointSchema } from "./point.ts";
import { tableSchema } from "./table.ts";

const text = z.exactOptional(z.nullable(z.string()));
const strings = z.exactOptional(z.nullable(z.record(z.string(), z.string())));
const asGiven = z.exactOptional(z.nullable(jsonSchema));

/** A part of a job that could not be read: `part` is e.g. `children`, `metrics/loss`, `artifacts`. */
export const incompleteSchema = z.looseObject({ part: z.string(), code: z.string(), message: z.string() });

/** See {@linkcode incompleteSchema}. */
export type Incomplete = z.infer<typeof incompleteSchema>;

/**
 * One job, run, step or trial and everything about it. Only `kind`, `v` and `id` must be there: a filter may
 * have taken any other field away, and what is missing is then not carried.
 */
export const jobSchema = z.looseObject({
  kind: z.literal("job"),
  v: z.literal(1),
  /** Job name = run id, as the source has it. */
  id: z.string().min(1),
  /** `azureml://subscriptions/<s>/resourceGroups/<rg>/workspaces/<ws>` or `mlflow+https://host[:port][/prefix]`. */
  source: z.exactOptional(z.string()),
  type: text,
  /** `step`, `sweep_trial`, `automl_trial`, `nested_pipeline`, `run` for children; null for roots. */
  role: text,
  parent: text,
  root: text,
  /** 0 for a root. */
  depth: z.exactOptional(z.nullable(z.number())),
  /** The experiment's name. */
  experiment: text,
  display_name: text,
  description: text,
  archived: z.exactOptional(z.nullable(z.boolean())),
  created_by: text,
  /** The service's word, verbatim. */
  status: text,
  created_at: text,
  started_at: text,
  ended_at: text,
  tags: strings,
  properties: strings,
  params: strings,
  /** Whole histories in logged order, up to 50,000 points a job. */
  metrics: z.exactOptional(z.nullable(z.record(z.string(), z.array(pointSchema)))),
  /** How many more points of a metric follow in `points` records. */
  more_points: z.exactOptional(z.record(z.string(), z.number())),
  tables: z.exactOptional(z.nullable(z.array(tableSchema))),
  inputs: asGiven,
  outputs: asGiven,
  datasets: asGiven,
  /** The ARM `properties` of the job as they came, redacted; null for bare runs. */
  definition: asGiven,
  /**
   * What run history says of the run beyond the fields above (error, warnings, target, compute, durations ...), as
   * given, redacted; null where there is no run.
   */
  run: asGiven,
  artifacts: z.exactOptional(z.nullable(artifactsSchema)),
  incomplete: z.exactOptional(z.array(incompleteSchema)),
  /** What was left out on request, e.g. `{ "metrics": "last" }`. */
  reduced: z.exactOptional(z.record(z.string(), jsonSchema)),
  /** Paths of values that were replaced by `"<redacted>"`. */
  redacted: z.exactOptional(z.array(z.string())),
});

/** See {@linkcode jobSchema}. */
export type JobRecord = z.infer<typeof jobSchema>;
