import type { For } from "./unit.ts";

/** What is limited in a target. Texts are measured in UTF-16 units, the strictest of the ways services count. */
export type LimitName =
  | "experiment"
  | "display_name"
  | "description"
  | "tags"
  | "tag_key"
  | "tag_value"
  | "params"
  | "param_key"
  | "param_value"
  | "metric_name"
  | "points_a_metric"
  | "table_columns"
  | "table_cell"
  | "artifact_path"
  | "artifacts";

/** A limit of a service and where it is written. */
export interface Limit {
  /** `Infinity` where the service has none. */
  readonly max: number;
  readonly source: string;
}

/** Limits of one world, and which names of tags, params and metrics it takes. */
export interface TargetLimits {
  readonly limits: Readonly<Record<LimitName, Limit>>;
  /** Whether names are paths out of letters, digits, `_ - . / :` and space; null where any name will do. */
  readonly names: { readonly rule: "mlflow"; readonly source: string } | null;
}

const AZURE_LIMITS = "Azure ML documentation, resource-limits-capacity (2025-02)";
const AZURE_PARAMS = "the service's error text, FieldName=Parameters, Limit=200 (azure-sdk-for-python#35685)";
const AZURE_MAPS = `${AZURE_LIMITS}: run properties; the limit of parameters is not written down`;
const MLFLOW_VALIDATION = "mlflow/utils/validation.py";
const MLFLOW_TABLES = "mlflow/store/tracking/dbmodels/models.py (column width)";
const MLFLOW_SEEN = "seen on MLflow 2.17, 3.6 and 3.11: longer values are cut without a word";
const NONE = "no limit is documented";

/** Every limit of every target world, with its source. `plan` and `submit` look here and nowhere else. */
export const LIMITS: Readonly<Record<For, TargetLimits>> = {
  azureml: {
    limits: {
      experiment: { max: 256, source: AZURE_LIMITS },
      display_name: { max: 256, source: AZURE_LIMITS },
      description: { max: 5000, source: AZURE_LIMITS },
      tags: { max: 50, source: AZURE_LIMITS },
      tag_key: { max: 100, source: AZURE_LIMITS },
      tag_value: { max: 1000, source: AZURE_LIMITS },
      params: { max: 200, source: AZURE_PARAMS },
      param_key: { max: 100, source: AZURE_MAPS },
      param_value: { max: 1000, source: AZURE_MAPS },
      metric_name: { max: 255, source: `${AZURE_LIMITS}: column name` },
      points_a_metric: { max: 1_000_000, source: `${AZURE_LIMITS}: rows per metric name` },
      table_columns: { max: 15, source: AZURE_LIMITS },
      table_cell: { max: 255, source: `${AZURE_LIMITS}: column value` },
      artifact_path: { max: 5000, source: AZURE_LIMITS },
      artifacts: { max: 10_000_000, source: AZURE_LIMITS },
    },
    names: null,
  },
  mlflow: {
    limits: {
      experiment: { max: 500, source: MLFLOW_VALIDATION },
      display_name: { max: 250, source: MLFLOW_TABLES },
      description: { max: 8000, source: `${MLFLOW_SEEN} (it is the tag mlflow.note.content)` },
      tags: { max: Infinity, source: NONE },
      tag_key: { max: 250, source: MLFLOW_VALIDATION },
      tag_value: { max: 8000, source: MLFLOW_SEEN },
      params: { max: Infinity, source: NONE },
      param_key: { max: 250, source: MLFLOW_VALIDATION },
      param_value: { max: 6000, source: MLFLOW_SEEN },
      metric_name: { max: 250, source: MLFLOW_VALIDATION },
      points_a_metric: { max: Infinity, source: NONE },
      table_columns: { max: Infinity, source: NONE },
      table_cell: { max: Infinity, source: NONE },
      artifact_path: { max: Infinity, source: NONE },
      artifacts: { max: Infinity, source: NONE },
    },
    names: { rule: "mlflow", source: MLFLOW_VALIDATION },
  },
};

/** A limit's number, e.g. `limitOf("azureml", "tag_value")` = 1000. */
export function limitOf(world: For, name: LimitName): number {
  return LIMITS[world].limits[name].max;
}
