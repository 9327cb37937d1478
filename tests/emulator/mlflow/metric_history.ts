import { numberValue, textValue } from "../history/body_values.ts";
import { pageWindow } from "../history/page_window.ts";
import { visibleRows } from "../metric/late_rows.ts";
import { type Context, json, type Reply } from "../router.ts";
import { inputRun, mlflowInput, requiredText } from "./mlflow_input.ts";
import { isScalar, metricPoint } from "./run_json.ts";

/**
 * `metrics/get-history`: every point of one metric. Paged by `max_results`, and by the setting when the request names
 * none; whether the service ever pages is unconfirmed. An unknown metric has no points.
 */
export function metricHistory(context: Context): Reply {
  const input = mlflowInput(context);
  const series = inputRun(context, input).metrics.get(requiredText(input, "metric_key"));
  const length = series === undefined || !isScalar(series) ? 0 : visibleRows(series);
  const asked = numberValue(input.max_results) ?? context.settings.mlflowPageSize;
  const size = asked > 0 ? asked : Math.max(length, 1);
  const page = pageWindow(length, textValue(input.page_token), { size, emptyEvery: 0 });
  const metrics = [];
  for (let index = page.from; index < page.to; index++) {
    if (series !== undefined) metrics.push(metricPoint(series, series.rows.at(index)));
  }
  return json(page.token === null ? { metrics } : { metrics, next_page_token: page.token });
}
