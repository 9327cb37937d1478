import * as z from "zod";
import { POINTS_A_LINE, pointSchema } from "./point.ts";

/** Points of one metric beyond those that the job (or unit) line holds; right behind it in the stream. */
export const pointsSchema = z.looseObject({
  kind: z.literal("points"),
  v: z.literal(1),
  /** Id of the job, or of the unit behind `plan`. */
  job: z.string().min(1),
  metric: z.string(),
  /** 0-based position of the first of these points among the points of this metric that were left out of the line. */
  seq: z.number(),
  points: z.array(pointSchema).max(POINTS_A_LINE),
});

/** See {@linkcode pointsSchema}. */
export type PointsRecord = z.infer<typeof pointsSchema>;
