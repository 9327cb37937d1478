import { isJsonObject } from "../records/json.ts";
import { followTokens } from "../wire/paging.ts";
import { ROUTES } from "../wire/routes.ts";
import { objectsAt } from "./json_fields.ts";
import { metricLabel } from "./metric_label.ts";
import { metricHead } from "./metric_rows.ts";
import type { TargetScope } from "./target_scope.ts";

/** Labels of the metrics that a run holds (Azure ML metric v2.0, `list`); none where the run has no metrics. Throws `Failure`. */
export async function heldMetrics(
  scope: Pick<TargetScope, "workspace" | "wire">,
  runId: string,
): Promise<ReadonlySet<string>> {
  const { api, armPath } = scope.workspace;
  const labels = new Set<string>();
  const pages = followTokens(scope.wire, (token) => ({
    route: ROUTES.metric.list,
    base: api,
    vars: { ws: armPath, runId },
    body: token === null ? {} : { continuationToken: token },
    accept: [404],
  }));
  for await (const page of pages) {
    if (!isJsonObject(page)) continue;
    for (const metric of objectsAt(page, "value")) labels.add(metricLabel(metricHead(metric)));
  }
  return labels;
}
