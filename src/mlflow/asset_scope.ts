import { Failure } from "../records/failure.ts";
import type { Artifacts } from "../records/artifacts.ts";
import type { Loss } from "../records/loss.ts";
import type { Renaming } from "./mlmodel.ts";
import type { JsonObject } from "../records/json.ts";
import { isJsonObject } from "../records/json.ts";
import type { ArtifactOutcome, FoundRun, Log } from "../stages/ports.ts";
import type { Route } from "../wire/wire.ts";
import type { MlflowDetails, MlflowServer } from "./server.ts";

/** Where files of an object beside the jobs are put. */
export interface FileRoot {
  /** Root of the artifacts of a run or a logged model, e.g. `mlflow-artifacts:/1/<run id>/artifacts`. */
  readonly uri: string;
  /** The run whose artifacts they become; null for those of a logged model. */
  readonly run: string | null;
  /** The logged model whose files they become; null for those of a run. */
  readonly model: string | null;
  /** Folder below the root; `""` for the root itself. */
  readonly folder: string;
  /** Whether it was made just now, so that nothing can be there. */
  readonly isNew: boolean;
  /** Ids that `MLmodel` files name, and what they are in the target. */
  readonly renamings: readonly Renaming[];
  /** The target's run for one that an `MLmodel` file names and no renaming; null where it did not come. */
  readonly runOf?: (id: string) => Promise<string | null>;
}

/** What became of files, and what was changed in them on their way. */
export interface PutOutcome extends ArtifactOutcome {
  readonly loss: readonly Loss[];
}

/** How objects beside the jobs are written. */
export interface AssetDeps {
  /** Looks runs up by target name. */
  readonly runs: { find(names: readonly string[]): Promise<ReadonlyMap<string, FoundRun>> };
  /** Id of an experiment by name, made where it is missing; throws `Failure` for a deleted one that stays so. */
  readonly experiments: { idOf(name: string): Promise<string> };
  readonly files: {
    /** Copies files below a root; what is there with the same size stays. A file that fails is named and stops nothing. */
    put(root: FileRoot, artifacts: Artifacts): Promise<PutOutcome>;
    /** Writes one small file below a root. */
    putFile(root: FileRoot, path: string, content: Uint8Array<ArrayBuffer>): Promise<void>;
  };
  /** False leaves all files where they are. */
  readonly copyArtifacts: boolean;
  readonly concurrency: number;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Gives versions the numbers that they have in the source; false when absent: they are numbered without gaps. */
  readonly keepVersionNumbers?: boolean;
  /** Puts models in the place of those of the same name that are not azml's; false when absent. */
  readonly replaceModels?: boolean;
}

/** What writing objects beside the jobs needs everywhere. */
export interface AssetScope extends AssetDeps {
  /** Sends no write when this is a dry run. */
  readonly server: MlflowServer;
}

/** One request that is answered with an object, or with nothing. Throws `Failure` as the server does. */
export async function askFor(
  { server }: Pick<AssetScope, "server">,
  route: Route,
  details: MlflowDetails,
): Promise<JsonObject> {
  const { body } = await server.send(route, details);
  return isJsonObject(body) ? body : {};
}

/** Statuses by which a server says that it does not take this value. */
const REFUSED: ReadonlySet<number> = new Set([400, 404, 422]);

/** Writes something that the object may do without; answers why the server refused it, null when all is well. */
export async function tryToSet(
  scope: Pick<AssetScope, "server">,
  route: Route,
  body: JsonObject,
): Promise<string | null> {
  try {
    await scope.server.send(route, { body });
    return null;
  } catch (error) {
    if (error instanceof Failure && REFUSED.has(error.facts.status ?? 0)) return error.message;
    throw error;
  }
}

/** Tells why a run or model was refused, when that is what was wrong. */
export function isCode(error: unknown, code: string): error is Failure {
  return error instanceof Failure && error.facts.code === code;
}

/** Nothing to copy. */
export const NO_FILES: PutOutcome = { files: 0, bytes: 0, failed: [], loss: [] };

/** What a receipt tells of files. */
export function outcomeOf({ files, bytes, failed }: ArtifactOutcome): ArtifactOutcome {
  return { files, bytes, failed };
}
