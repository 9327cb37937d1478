import type { WireValue } from "../json_text.ts";
import { filled, pairs } from "../call.ts";
import type { Run } from "../state/run.ts";
import type { Point } from "../state/series.ts";
import { isSince } from "../version.ts";

/** The info of a run; `end_time` is left out while there is none. */
export function runInfo(run: Run): WireValue {
  return {
    run_uuid: run.id,
    experiment_id: run.experimentId,
    run_name: run.name,
    user_id: run.user,
    status: run.status,
    start_time: run.start,
    end_time: run.end ?? undefined,
    artifact_uri: run.artifactUri,
    lifecycle_stage: run.deleted ? "deleted" : "active",
    run_id: run.id,
  };
}

/** A run as a search answers it: without the logged models that it used (3.17.2, `search_runs` of its SQL store). */
export function foundRunJson(run: Run, version: string): WireValue {
  return runJson(run, version, []);
}

/** A run as MLflow writes it: empty lists are left out; `outputs` from MLflow 3. */
export function runJson(run: Run, version: string, modelInputs = run.data.modelInputs): WireValue {
  const { params, tags, metrics, datasets, modelOutputs } = run.data;
  const latest = [...metrics].map(([key, series]) => pointJson(key, series.latest()));
  return {
    info: runInfo(run),
    data: { metrics: filled(latest), params: pairs(params), tags: pairs(tags) },
    inputs: {
      dataset_inputs: filled(datasets),
      model_inputs: filled(modelInputs.map((model_id) => ({ model_id }))),
    },
    ...(isSince(version, "3") ? { outputs: { model_outputs: filled(modelOutputs) } } : {}),
  };
}

/** A point; NaN is a text, infinite values were clamped when they came in. */
export function pointJson(key: string, { value, timestamp, step }: Point): Record<string, WireValue> {
  return { key, value: Number.isNaN(value) ? "NaN" : value, timestamp, step };
}
