import type { MlflowConfig } from "../mlflow/config.ts";
import type { Source, Target } from "../stages/ports.ts";
import type { TargetDeps } from "./endpoints.ts";
import { mlflowServer } from "./mlflow_access.ts";
import { type EndpointDeps, mlflowDeps } from "./process_wiring.ts";
import { openRecordStores } from "./record_stores.ts";
import { unlessAborted } from "./unless_aborted.ts";

/** An MLflow server for reading. Throws `Failure`. */
export async function mlflowSource(config: MlflowConfig, deps: EndpointDeps): Promise<Source> {
  const server = await mlflowServer(config, deps, { ...mlflowDeps(deps, deps.signal), readOnly: true });
  const { createMlflowSource } = await import("../mlflow/source.ts");
  const { concurrency, log, signal } = deps;
  return createMlflowSource(server, { concurrency, log, signal });
}

/** An MLflow server for writing. Throws `Failure`. */
export async function mlflowTarget(config: MlflowConfig, deps: TargetDeps): Promise<Target> {
  const { concurrency, log, signal, dryRun, copyArtifacts } = deps;
  const connecting = mlflowServer(config, deps, { ...mlflowDeps(deps, undefined), readOnly: dryRun });
  const server = await unlessAborted(connecting, signal);
  const [stores, { createMlflowTarget }] = await Promise.all([
    openRecordStores({ azure: null, server }, deps),
    import("../mlflow/target.ts"),
  ]);
  return createMlflowTarget(server, {
    stores,
    copyArtifacts,
    dryRun,
    concurrency,
    log,
    signal,
    ...deps.mlflow,
  });
}
