import type { Target } from "../stages/ports.ts";
import { AssetFiles } from "./asset_files.ts";
import { createMlflowAssetTarget } from "./assets_target.ts";
import { RunIndex } from "./find_runs.ts";
import { runWriter } from "./run_writer.ts";
import { endOf } from "./target_status.ts";
import { faceOf } from "./target_tags.ts";
import { timesOf } from "./target_times.ts";
import type { MlflowServer } from "./server.ts";
import { createRun } from "./target_create.ts";
import { TargetExperiments } from "./target_experiments.ts";
import { readOnlyServer } from "./target_read_only.ts";
import { reopenRun } from "./target_reopen.ts";
import type { MlflowTargetOptions, TargetScope } from "./target_scope.ts";

/**
 * An MLflow tracking server to write finished runs to. The server makes the ids of runs; a run of azml's is known by
 * its tag `azml_name`, and what is there is looked up once, in bulk. Sends nothing until it is used.
 */
export function createMlflowTarget(server: MlflowServer, options: MlflowTargetOptions): Target {
  const scope = scopeOf(server, options);
  return {
    id: server.id,
    suits: { as: "runs", for: "mlflow" },
    find: (names) => scope.runs.find(names),
    open: async (unit, parent, found) => {
      const there = found === null ? null : await reopenRun(scope, unit, parent, found.target);
      const open = there ?? await createRun(scope, unit, parent);
      return { run: runWriter(scope, open, unit), loss: open.loss };
    },
    foresee: (unit) => {
      const { over, loss } = endOf(unit);
      return [
        ...faceOf(scope, unit, unit.parent_target ?? null).loss,
        ...timesOf(unit, over).loss,
        ...loss,
      ];
    },
    assets: createMlflowAssetTarget(scope.server, { ...scope, files: new AssetFiles(scope) }),
    usage: () => ({ calls: server.wire.calls(), bytes: scope.moved.bytes }),
  };
}

function scopeOf(given: MlflowServer, options: MlflowTargetOptions): TargetScope {
  const { dryRun, user, ...rest } = options;
  const server = dryRun ? readOnlyServer(given) : given;
  const restoreDeleted = options.restoreDeleted ?? false;
  const experiments = new TargetExperiments(server, restoreDeleted);
  return {
    ...rest,
    server,
    copyArtifacts: options.copyArtifacts && !dryRun,
    restoreDeleted,
    useSourceUser: options.useSourceUser ?? true,
    user: user ?? null,
    keepMlmodel: options.keepMlmodel ?? false,
    keepVersionNumbers: options.keepVersionNumbers ?? false,
    replaceModels: options.replaceModels ?? false,
    experiments,
    runs: new RunIndex(server, experiments, options),
    moved: { bytes: 0 },
  };
}
