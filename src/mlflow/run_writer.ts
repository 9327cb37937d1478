import type { JsonObject } from "../records/json.ts";
import { DIGEST_TAG, sourceTag } from "../records/lineage_tags.ts";
import type { Loss } from "../records/loss.ts";
import type { UnitRecord } from "../records/unit.ts";
import type { RunWriter } from "../stages/ports.ts";
import { RunFiles } from "./artifact_upload.ts";
import { ARCHIVE_MARK } from "./find_runs.ts";
import { heldHistory } from "./held_history.ts";
import type { OpenRun } from "./open_run.ts";
import { MLFLOW_ROUTES } from "./routes.ts";
import type { Batch } from "./run_batch_once.ts";
import { RunBatches } from "./run_batches.ts";
import { writeDatasets } from "./target_datasets.ts";
import { OutPoints } from "./target_points.ts";
import type { TargetScope } from "./target_scope.ts";
import { endOf } from "./target_status.ts";
import { writeTables } from "./target_tables.ts";
import { timesOf } from "./target_times.ts";

/**
 * The writer of a run that is open on an MLflow server (see `RunWriter`). Points wait until a request is full, the last
 * of them until `finish`: a small run takes one `log-batch` in all.
 */
export function runWriter(scope: TargetScope, open: OpenRun, unit: UnitRecord): RunWriter {
  const runId = open.run.id;
  const batches = new RunBatches(
    (batch) => logBatch(scope, runId, batch),
    (metric) => heldHistory(scope.server, runId, metric),
  );
  const out = new OutPoints();
  const files = new RunFiles(scope, open, unit.origin.id);
  return {
    target: runId,
    async points(metric, points) {
      for (const point of points) await batches.point(metric, out.entry(metric, point));
    },
    pointsDone: () => Promise.resolve(out.losses()),
    tables: (tables) => writeTables(files, tables),
    artifacts: (artifacts) => files.copy(artifacts),
    readFile: (path) => files.read(path),
    file: (path, content, type) => files.write(path, new Uint8Array(content), type),
    async finish(digest) {
      const loss = await finishRun(scope, open, unit, { batches, digest });
      return [...files.losses, ...loss];
    },
  };
}

async function logBatch({ server }: TargetScope, runId: string, batch: Batch): Promise<void> {
  const body: JsonObject = { run_id: runId };
  for (const part of ["metrics", "params", "tags"] as const) {
    if (batch[part].length > 0) body[part] = [...batch[part]];
  }
  await server.send(MLFLOW_ROUTES.runs.logBatch, { body });
}

/** Datasets, status and end, then what is left of points, params and tags, the digest last; then it is deleted if it was. */
async function finishRun(
  scope: TargetScope,
  open: OpenRun,
  unit: UnitRecord,
  { batches, digest }: { readonly batches: RunBatches; readonly digest: string },
): Promise<readonly Loss[]> {
  const runId = open.run.id;
  const loss = [...await writeDatasets(scope, runId, unit), ...await endRun(scope, open, unit)];
  // Whether it is archived is not known of every unit: then a deleted run stays so.
  const archived = unit.archived ?? open.wasDeleted;
  await batches.pairs("params", open.params);
  await batches.pairs("tags", open.tags);
  await batches.last("tags", DIGEST_TAG, archived ? ARCHIVE_MARK + digest : digest);
  if (archived) await scope.server.send(MLFLOW_ROUTES.runs.delete, { body: { run_id: runId } });
  const { source, id } = unit.origin;
  const origin = { source: sourceTag(source), id };
  await scope.runs.note({ name: unit.target_name, target: runId, origin, digest });
  return loss;
}

/** A run is `RUNNING` from its making on: one that goes on is left so. */
async function endRun(
  { server }: TargetScope,
  { run }: OpenRun,
  unit: UnitRecord,
): Promise<readonly Loss[]> {
  const end = endOf(unit);
  const { ended } = timesOf(unit, end.over);
  const name = unit.display_name || run.name;
  const isSame = run.status === end.status && run.name === name && (ended ?? run.endedAt) === run.endedAt;
  if (isSame) return end.loss;
  const body: JsonObject = { run_id: run.id, status: end.status };
  if (ended !== null) body.end_time = ended;
  if (name !== null) body.run_name = name;
  await server.send(MLFLOW_ROUTES.runs.update, { body });
  return end.loss;
}
