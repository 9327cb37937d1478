import type { MlflowConfig } from "../mlflow/config.ts";
import type { Source, Target } from "../stages/ports.ts";
import { configFailure } from "./config_text.ts";
import type { TargetDeps } from "./endpoints.ts";
import { mlflowServer } from "./mlflow_access.ts";
import { type EndpointDeps, mlflowDeps } from "./process_wiring.ts";
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
  const connecting = mlflowServer(config, deps, { ...mlflowDeps(deps, undefined), readOnly: deps.dryRun });
  const { address } = await unlessAborted(connecting, deps.signal);
  throw configFailure(
    `${address} is an MLflow server; this version of azml cannot write to MLflow servers yet`,
    "mlflow_not_supported",
  );
}
