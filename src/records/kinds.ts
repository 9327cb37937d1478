import type * as z from "zod";
import { diffSchema } from "./diff.ts";
import { endSchema } from "./end.ts";
import { errorSchema } from "./error.ts";
import { experimentSchema } from "./experiment.ts";
import { jobSchema } from "./job.ts";
import { loggedModelSchema } from "./logged_model.ts";
import { modelSchema } from "./model.ts";
import { modelVersionSchema } from "./model_version.ts";
import { pointsSchema } from "./points.ts";
import { receiptSchema } from "./receipt.ts";
import { unitSchema } from "./unit.ts";

/** What is known of a record kind. */
export interface Kind {
  /** The newest schema version that this azml reads and writes. */
  readonly v: number;
  readonly schema: z.ZodType;
  /** Control records run beside the data and are not counted among it. */
  readonly control: boolean;
}

/** The record kinds of the protocol `azml/1`. A new kind is one file and one line here. */
export const KINDS = {
  job: { v: 1, schema: jobSchema, control: false },
  experiment: { v: 1, schema: experimentSchema, control: false },
  logged_model: { v: 1, schema: loggedModelSchema, control: false },
  model: { v: 1, schema: modelSchema, control: false },
  model_version: { v: 1, schema: modelVersionSchema, control: false },
  points: { v: 1, schema: pointsSchema, control: false },
  unit: { v: 1, schema: unitSchema, control: false },
  receipt: { v: 1, schema: receiptSchema, control: false },
  diff: { v: 1, schema: diffSchema, control: false },
  error: { v: 1, schema: errorSchema, control: true },
  end: { v: 1, schema: endSchema, control: true },
} as const satisfies Record<string, Kind>;

/** Name of a known record kind. */
export type KindName = keyof typeof KINDS;

/** The record type of a known kind. */
export type RecordOf<K extends KindName> = z.infer<(typeof KINDS)[K]["schema"]>;
