import * as z from "zod";
import { jsonSchema } from "./json.ts";
import { ASSET_KINDS } from "./asset.ts";
import { artifactsSchema } from "./artifacts.ts";
import { lossSchema } from "./loss.ts";
import { pointSchema } from "./point.ts";
import { tableSchema } from "./table.ts";

const text = z.exactOptional(z.nullable(z.string()));
const strings = z.exactOptional(z.nullable(z.record(z.string(), z.string())));

/** How history is replayed: synthetic jobs on compute, or finished runs without any. */
export const asSchema = z.enum(["jobs", "runs"]);
/** See {@linkcode asSchema}. */
export type As = z.infer<typeof asSchema>;

/** The world a unit is made for: it decides the limits. */
export const forSchema = z.enum(["azureml", "mlflow"]);
/** See {@linkcode forSchema}. */
export type For = z.infer<typeof forSchema>;

/** What `plan` writes and `submit` carries out: one object to make in the target. */
export const unitSchema = z.looseObject({
  kind: z.literal("unit"),
  v: z.literal(1),
  /** Equals `target_name`. */
  id: z.string().min(1),
  origin: z.looseObject({
    source: z.nullable(z.string()),
    id: z.string(),
    parent: z.nullable(z.string()),
    root: z.nullable(z.string()),
    depth: z.nullable(z.number()),
    /** `type` of the job. */
    type: z.exactOptional(z.nullable(z.string())),
    /** `role` of the job. */
    role: z.exactOptional(z.nullable(z.string())),
  }),
  as: asSchema,
  for: forSchema,
  role: z.enum(["run", "step", "level", "job", ...ASSET_KINDS]),
  target_name: z.string().min(1),
  parent_target: text,
  /** Target names of units that have to be done before this one begins, where they are in the same stream. */
  needs: z.exactOptional(z.array(z.string())),
  /** Of an object beside the jobs: its name in the target. */
  name: text,
  /** Of a version of a model. */
  version: text,
  /** Of an object beside the jobs: its fields as its record has them, those apart that have a place here. */
  asset: z.exactOptional(z.record(z.string(), jsonSchema)),
  /** Of an object beside the jobs: target names of the units that it refers to (`run`, `logged_model`, `model`). */
  refs: z.exactOptional(z.record(z.string(), z.string())),
  experiment: text,
  display_name: text,
  description: text,
  archived: z.exactOptional(z.nullable(z.boolean())),
  /** The source's word, verbatim. */
  status: text,
  times: z.exactOptional(z.nullable(z.looseObject({ created: text, started: text, ended: text }))),
  tags: strings,
  params: strings,
  metrics: z.exactOptional(z.nullable(z.record(z.string(), z.array(pointSchema)))),
  more_points: z.exactOptional(z.record(z.string(), z.number())),
  tables: z.exactOptional(z.nullable(z.array(tableSchema))),
  /** Target names of the steps of a level (`--as jobs`). */
  steps: z.exactOptional(z.array(z.string())),
  artifacts: z.exactOptional(z.nullable(artifactsSchema)),
  /**
   * Fields of the job that have no place of their own in the target (definition, properties, inputs, outputs,
   * datasets, whatever a newer azml or a filter added): they land in the artifact `azml/original.json`.
   */
  rest: z.exactOptional(z.nullable(z.record(z.string(), jsonSchema))),
  loss: z.exactOptional(z.array(lossSchema)),
  incomplete: z.exactOptional(z.array(z.looseObject({}))),
});

/** See {@linkcode unitSchema}. */
export type UnitRecord = z.infer<typeof unitSchema>;
