import { FormulaRows, type MetricRows, type MetricValue, StoredRows } from "../state/metric.ts";
import type { MetricRow, MetricSeries, Run } from "../state.ts";
import type { ScenarioMetric } from "./schema.ts";

/** The series that a scenario describes, in one of its three forms: points, rows or a curve. */
export function metricOf(described: ScenarioMetric, run: Run): MetricSeries {
  const { name } = described;
  return {
    name,
    namespace: described.namespace ?? null,
    columns: described.columns ?? { [name]: "Double" },
    uxMetricType: described.type === "none" ? null : described.type ?? "azureml.v1.scalar",
    dataLocation: null,
    rows: rowsOf(described, Date.parse(run.createdUtc)),
  };
}

function rowsOf(described: ScenarioMetric, created: number): MetricRows {
  const { name, curve } = described;
  if (curve !== undefined) return curveRows(name, curve);
  const rows = new StoredRows(name);
  for (const [step, time, value] of described.points ?? []) {
    rows.push({ step, time: Date.parse(time), data: { [name]: Number(value) } });
  }
  for (const { step, time, data } of described.rows ?? []) {
    rows.push({
      step: step ?? null,
      time: time === undefined ? created : Date.parse(time),
      data: cells(data),
    });
  }
  return rows;
}

/** A smooth fall or rise with a little wave on it, so that neighbours differ. */
export function curveRows(
  name: string,
  curve: { count: number; from: number; to: number; start: string; every_ms: number },
): MetricRows {
  const start = Date.parse(curve.start);
  return new FormulaRows(curve.count, (index): MetricRow => {
    const part = curve.count < 2 ? 0 : index / (curve.count - 1);
    const value = curve.from + (curve.to - curve.from) * part + Math.sin(index) * 1e-3;
    return { step: index, time: start + index * curve.every_ms, data: { [name]: value } };
  });
}

function cells(data: Readonly<Record<string, unknown>>): Record<string, MetricValue> {
  const entries = Object.entries(data).map(([key, value]): [string, MetricValue] => {
    const plain = typeof value === "number" || typeof value === "string" || typeof value === "boolean";
    return [key, plain ? value : value === null ? null : JSON.stringify(value)];
  });
  return Object.fromEntries(entries);
}
