import type { OpenStore } from "../blob/container.ts";
import type { Log } from "../stages/ports.ts";
import type { RunIndex } from "./find_runs.ts";
import type { MlflowServer } from "./server.ts";
import type { TargetExperiments } from "./target_experiments.ts";

/** How an MLflow server is written to. */
export interface MlflowTargetOptions {
  /** Opens the stores that records name; throws `Failure` for one that is not trusted. */
  readonly stores: OpenStore;
  /** False leaves all files where they are. */
  readonly copyArtifacts: boolean;
  /** Sends no request that changes anything; what would is a `Failure`. */
  readonly dryRun: boolean;
  /** Files copied at once for one run. */
  readonly concurrency: number;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Brings an experiment back that is deleted in the target; false when absent: such a one is a `Failure`. */
  readonly restoreDeleted?: boolean;
  /** Whether runs keep the user of their source; true when absent. */
  readonly useSourceUser?: boolean;
  /** Who the user of the runs is when it is not the source's; nobody when absent. */
  readonly user?: string;
  /** Leaves the bytes of `MLmodel` files as they are; false when absent: they name the new run. */
  readonly keepMlmodel?: boolean;
  /** Gives versions of models the numbers that they have in the source; false when absent: no gaps. */
  readonly keepVersionNumbers?: boolean;
  /** Puts models in the place of those of the same name that are not azml's; false when absent. */
  readonly replaceModels?: boolean;
}

/** What writing to an MLflow server needs everywhere, and what one process has learned of it so far. */
export interface TargetScope extends Required<Omit<MlflowTargetOptions, "dryRun" | "user">> {
  /** Sends no write when this is a dry run. */
  readonly server: MlflowServer;
  readonly user: string | null;
  readonly experiments: TargetExperiments;
  readonly runs: RunIndex;
  /** Bytes of files sent so far. */
  readonly moved: { bytes: number };
}
