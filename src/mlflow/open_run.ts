import type { Loss } from "../records/loss.ts";
import type { MlflowRun } from "./run_parse.ts";

/** A run that is open for writing, and what is still to be brought into it. */
export interface OpenRun {
  readonly run: MlflowRun;
  /** Whether it was there before: then it may hold points and files already. */
  readonly wasThere: boolean;
  /** Whether it was deleted before it was opened. */
  readonly wasDeleted: boolean;
  /** Tags and params that the run does not hold yet. */
  readonly tags: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, string>>;
  readonly loss: readonly Loss[];
}
