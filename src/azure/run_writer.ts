import type { UnitRecord } from "../records/unit.ts";
import type { RunWriter } from "../stages/ports.ts";
import { artifactPlace } from "./artifact_place.ts";
import { pathFault } from "./artifact_path_check.ts";
import { registerAll } from "./artifact_register.ts";
import { writeArtifacts } from "./artifacts_write.ts";
import { MetricWriter } from "./metric_writer.ts";
import { PointsWriter } from "./points_write.ts";
import type { OpenRun } from "./run_create.ts";
import { finishRun } from "./run_finish.ts";
import { writeTables } from "./tables_write.ts";
import type { TargetScope } from "./target_scope.ts";
import { Failure } from "../records/failure.ts";

/** The writer of a run that is open in an Azure ML workspace (see `RunWriter`). */
export function runWriter(scope: TargetScope, open: OpenRun, unit: UnitRecord): RunWriter {
  const metrics = new MetricWriter(scope, open);
  const points = new PointsWriter(metrics);
  return {
    target: open.run.id,
    points: (metric, added) => points.add(metric, added),
    pointsDone: () => points.done(),
    tables: (tables) => writeTables(metrics, open.run.dataContainer, tables),
    artifacts: (artifacts) => writeArtifacts(scope, open, artifacts),
    readFile: (path) => readFile(scope, open, path),
    file: (path, content, contentType) => writeFile(scope, open, { path, content, contentType }),
    finish: async (digest) => {
      const late = await points.done();
      const extras = await metrics.extras();
      return [...late, ...extras, ...await finishRun(scope, open, unit, digest)];
    },
  };
}

async function readFile(scope: TargetScope, open: OpenRun, path: string): Promise<Uint8Array | null> {
  if (!open.wasThere) return null;
  const { container, prefix } = await artifactPlace(scope, open.run.dataContainer, path);
  if (await container.head(prefix + path) === null) return null;
  return new Uint8Array(await new Response(await container.read(prefix + path)).arrayBuffer());
}

async function writeFile(
  scope: TargetScope,
  open: OpenRun,
  file: { readonly path: string; readonly content: Uint8Array; readonly contentType: string },
): Promise<void> {
  const fault = pathFault(file.path);
  if (fault !== null) throw refused(file.path, `the path ${fault}`, "path_refused");
  const { dataContainer } = open.run;
  const place = await artifactPlace(scope, dataContainer, file.path);
  await place.container.put(place.prefix + file.path, file.content, file.contentType);
  const [unregistered] = await registerAll(scope, dataContainer, [file.path]);
  if (unregistered !== undefined) throw refused(file.path, unregistered.message, unregistered.code);
}

function refused(path: string, why: string, code: string): Failure {
  return new Failure(`Writing the file "${path}" of a run: ${why}.`, {
    code,
    reach: "record",
    retryable: false,
  });
}
