import * as z from "zod";
import { numberSchema } from "./point.ts";

/** A metric that is not a scalar: its rows, or the path of the artifact that holds them. */
export const tableSchema = z.looseObject({
  name: z.string(),
  /** The service's word, e.g. `azureml.v1.table`. */
  type: z.nullable(z.string()),
  /** One object a row, in logged order, as the service gives them. */
  rows: z.exactOptional(z.array(z.looseObject({}))),
  /** Step (null where none was logged) and timestamp in milliseconds of each row, or of the one pointer to the artifact. */
  at: z.exactOptional(z.array(z.tuple([z.nullable(numberSchema), z.number()]))),
  /** Path of the artifact, relative to the run. */
  artifact: z.exactOptional(z.string()),
  /** Column name to column type, as the service names them. */
  columns: z.exactOptional(z.record(z.string(), z.string())),
});

/** See {@linkcode tableSchema}. */
export type MetricTable = z.infer<typeof tableSchema>;
