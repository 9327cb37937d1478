import { isJsonObject } from "../records/json.ts";
import type { Point } from "../records/point.ts";
import { objectsAt, textAt } from "./json_fields.ts";
import { pointOf } from "./metric_points.ts";
import { MLFLOW_ROUTES } from "./routes.ts";
import type { MlflowServer } from "./server.ts";

/** Points a page; 2.x gives all at once whatever is asked. */
const PAGE = 25_000;

/** All points of one metric of a run as the server holds them now, in memory. Throws `Failure`. */
export async function heldHistory(
  server: MlflowServer,
  runId: string,
  metric: string,
): Promise<readonly Point[]> {
  const points: Point[] = [];
  let token: string | null = null;
  do {
    const query = { run_id: runId, metric_key: metric, max_results: PAGE, page_token: token ?? undefined };
    const answer = await server.send(MLFLOW_ROUTES.metrics.history, { query });
    const page = isJsonObject(answer.body) ? answer.body : {};
    for (const point of objectsAt(page, "metrics")) points.push(pointOf(point));
    token = textAt(page, "next_page_token");
  } while (token !== null);
  return points;
}
