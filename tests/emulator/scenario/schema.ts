import * as z from "zod";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../src/records/json.ts";

const json = z.custom<JsonValue>((value) => value !== undefined).meta({ description: "any JSON" });
const object = z.custom<JsonObject>(isJsonObject).meta({ type: "object" });
const texts = z.record(z.string(), z.string());
const time = z.iso.datetime({ offset: true });

const metric = z.strictObject({
  name: z.string(),
  namespace: z.string().optional(),
  type: z.string().optional().meta({
    description: "uxMetricType; `azureml.v1.scalar` when absent, null in the answer for `none`",
  }),
  columns: texts.optional().meta({
    description: "column to type; one `Double` column named as the metric when absent",
  }),
  points: z.array(
    z.tuple([z.number().nullable(), time, z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])])]),
  )
    .optional().meta({ description: "[step, time, value] of a scalar series, in logged order" }),
  rows: z.array(
    z.strictObject({
      step: z.number().nullable().optional(),
      time: time.optional(),
      data: z.record(z.string(), json),
    }),
  )
    .optional().meta({ description: "rows of a table, an image or a document" }),
  curve: z.strictObject({
    count: z.int().nonnegative(),
    from: z.number(),
    to: z.number(),
    start: time,
    every_ms: z.number(),
  })
    .optional().meta({ description: "so many points from one value to another, made when they are read" }),
});

const artifact = z.strictObject({
  path: z.string().meta({ description: "path within the run" }),
  text: z.string().optional().meta({ description: "its bytes, as UTF-8" }),
  size: z.int().nonnegative().optional().meta({
    description: "so many pseudo-random bytes in place of `text`",
  }),
  content_type: z.string().optional(),
  append: z.boolean().optional().meta({ description: "an append blob, which has no MD5" }),
  registered: z.boolean().optional().meta({
    description: "false: the blob is there and no service knows it",
  }),
  stored: z.boolean().optional().meta({ description: "false: registered, and no blob is there" }),
  datastore: z.string().optional().meta({ description: "workspaceartifactstore when absent" }),
  relative_path: z.string().optional().meta({ description: "path in that datastore's container" }),
});

/** A run, with what ARM knows of it, and its children. */
const runShape = {
  id: z.string(),
  experiment: z.string().optional().meta({ description: "of a root; children have their root's" }),
  arm: z.enum(["listed", "child", "unsupported", "none"]).optional().meta({
    description:
      "what ARM says of it: listed with its definition (roots with a definition), without `properties` " +
      "(children), JobNotSupported (AutoML trials), or nothing (bare runs)",
  }),
  definition: object.optional().meta({
    description: "ARM `properties` as answered; status, names, tags come from the run",
  }),
  display_name: z.string().optional(),
  name: z.string().optional(),
  description: z.string().optional(),
  status: z.string().optional().meta({ description: "Completed when absent" }),
  archived: z.boolean().optional(),
  created_at: time.optional(),
  started_at: time.nullable().optional(),
  ended_at: time.nullable().optional(),
  created_by: z.string().optional(),
  run_type: z.string().nullable().optional(),
  orchestrator: z.string().nullable().optional(),
  traits: z.array(z.string()).optional(),
  data_container: z.string().optional().meta({ description: "`dcid.<other run>` for a reused step" }),
  target: z.string().nullable().optional(),
  script_name: z.string().optional(),
  primary_metric: z.string().optional(),
  tags: texts.optional(),
  properties: texts.optional(),
  params: texts.optional(),
  inputs: object.optional(),
  outputs: object.optional(),
  input_datasets: z.array(json).optional(),
  error: json.optional(),
  warnings: z.array(json).optional(),
  metrics: z.array(metric).optional(),
  artifacts: z.array(artifact).optional(),
};

/** The JSON of one run, its descendants inside it. */
export type ScenarioRun = z.infer<z.ZodObject<typeof runShape>> & { children?: ScenarioRun[] | undefined };

const run: z.ZodType<ScenarioRun> = z.strictObject({
  ...runShape,
  get children() {
    return z.array(run).optional();
  },
});

const asset = z.strictObject({
  kind: z.enum(["components", "environments", "data", "models", "codes"]),
  name: z.string(),
  version: z.string(),
  properties: object,
});

const datastore = z.strictObject({
  name: z.string(),
  type: z.string().optional().meta({ description: "AzureBlob when absent" }),
  container: z.string(),
  credentials: z.enum(["AccountKey", "Sas", "ServicePrincipal", "Certificate", "None"]).optional(),
});

/** Work made by a formula, cheap in memory, so that large workspaces can be served. */
export const generatorSchema = z.strictObject({
  jobs: z.int().nonnegative().optional().meta({ description: "single command jobs" }),
  points: z.int().nonnegative().optional().meta({
    description: "points of metric `loss` a job; 20 when absent",
  }),
  files: z.int().nonnegative().optional().meta({ description: "small files a job; 3 when absent" }),
  pipelines: z.int().nonnegative().optional().meta({ description: "pipelines, each of `steps` steps" }),
  steps: z.int().nonnegative().optional().meta({ description: "5 when absent" }),
  big_metric: z.int().nonnegative().optional().meta({
    description: "one more job, with a metric of so many points",
  }),
  experiments: z.int().positive().optional().meta({
    description: "spread over so many experiments; 5 when absent",
  }),
});

const workspace = z.strictObject({
  key: z.string().regex(/^[a-z][a-z0-9]*$/).meta({ description: "short name, also of its config file" }),
  name: z.string(),
  subscription: z.guid(),
  resource_group: z.string(),
  guid: z.guid(),
  region: z.string(),
  tenant: z.guid(),
  account: z.string().regex(/^[a-z0-9]{3,24}$/).meta({
    description: "storage account; unique in the scenario",
  }),
  datastores: z.array(datastore).optional().meta({ description: "beside the four built-in ones" }),
  experiments: z.array(z.strictObject({
    name: z.string(),
    description: z.string().optional(),
    tags: texts.optional(),
    archived: z.boolean().optional(),
  })).optional(),
  runs: z.array(run).optional(),
  assets: z.array(asset).optional(),
  generate: generatorSchema.optional(),
});

/** What an emulator starts with. */
export const scenarioSchema = z.strictObject({
  $schema: z.string().optional(),
  description: z.string().optional(),
  workspaces: z.array(workspace).min(1),
});

/** A scenario, checked. */
export type Scenario = z.infer<typeof scenarioSchema>;
/** One workspace of a scenario. */
export type ScenarioWorkspace = z.infer<typeof workspace>;
/** A metric of a scenario. */
export type ScenarioMetric = z.infer<typeof metric>;
/** An artifact of a scenario. */
export type ScenarioArtifact = z.infer<typeof artifact>;
/** What is to be generated. */
export type Generator = z.infer<typeof generatorSchema>;
