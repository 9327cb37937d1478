import type { Source, Target } from "../stages/ports.ts";
import { readSide, type Side } from "./config.ts";
import { configFailure } from "./config_text.ts";
import type { EndpointDeps } from "./process_wiring.ts";

/** What a target needs beside what every side needs. */
export interface TargetDeps extends EndpointDeps {
  /** Sends no request that changes anything. */
  readonly dryRun: boolean;
  readonly copyArtifacts: boolean;
  /**
   * The side whose artifact bytes are read with its own sign-in, as `--source` names it (`arg` null: the usual places);
   * null asks where records say.
   */
  readonly source: { readonly arg: string | null } | null;
  /** What only an MLflow server is told. */
  readonly mlflow?: MlflowWishes;
}

/** How runs and experiments are made on an MLflow server. */
export interface MlflowWishes {
  /** Brings an experiment back that is deleted in the target; else such a one is a failure. */
  readonly restoreDeleted?: boolean;
  /** Whether runs keep the user of their source; they do when absent. */
  readonly useSourceUser?: boolean;
  /** Who the user of the runs is when it is not the source's; nobody when absent. */
  readonly user?: string;
  /** Leaves the bytes of `MLmodel` files as they are. */
  readonly keepMlmodel?: boolean;
}

/** Opens what `--source` names (null: the usual places) for reading. Throws `Failure`. */
export async function openSource(arg: string | null | undefined, deps: EndpointDeps): Promise<Source> {
  const side = await readSide(arg ?? null, { env: deps.io.env });
  switch (side.kind) {
    case "azureml":
      return await (await import("./azure_side.ts")).azureSource(side, deps);
    case "mlflow":
      return await (await import("./mlflow_side.ts")).mlflowSource(side, deps);
    case "folder":
      throw folderFailure(side, "read from");
  }
}

/** Opens what `--target` names (null: the usual places) for writing; with `dryRun` nothing is written. Throws `Failure`. */
export async function openTarget(arg: string | null | undefined, deps: TargetDeps): Promise<Target> {
  const side = await readSide(arg ?? null, { env: deps.io.env });
  switch (side.kind) {
    case "azureml":
      return await (await import("./azure_side.ts")).azureTarget(side, deps);
    case "mlflow":
      return await (await import("./mlflow_side.ts")).mlflowTarget(side, deps);
    case "folder":
      throw folderFailure(side, "write to");
  }
}

function folderFailure({ path }: Extract<Side, { kind: "folder" }>, what: string) {
  return configFailure(
    `${path} is a folder; this version of azml cannot ${what} folders yet, only Azure ML workspaces and MLflow servers`,
    "folder_not_supported",
  );
}
