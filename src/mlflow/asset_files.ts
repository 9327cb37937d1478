import type { OpenStore } from "../blob/container.ts";
import type { Artifacts, FileRef } from "../records/artifacts.ts";
import { Failure } from "../records/failure.ts";
import type { Loss } from "../records/loss.ts";
import type { FailedFile } from "../stages/ports.ts";
import { heldFiles } from "./artifact_upload_held.ts";
import { pathFault } from "./artifact_upload_path.ts";
import { openSource } from "./artifact_upload_source.ts";
import { type PutFile, uploadWay } from "./artifact_upload_way.ts";
import { isMlmodel, MLMODEL_MOST, renameIds, type Renaming, runIn } from "./mlmodel.ts";
import type { FileRoot, PutOutcome } from "./asset_scope.ts";
import { inTurns } from "./in_turns.ts";
import { proxiedPath } from "./registry_path.ts";
import { filesOfLoggedModel } from "./registry_files.ts";
import type { MlflowServer } from "./server.ts";

/** What copying files of objects beside the jobs needs. */
export interface AssetFilesScope {
  readonly server: MlflowServer;
  readonly stores: OpenStore;
  /** Leaves the bytes of `MLmodel` files as they are. */
  readonly keepMlmodel: boolean;
  readonly concurrency: number;
  readonly signal: AbortSignal;
  /** Bytes of files sent so far. */
  readonly moved: { bytes: number };
}

/** Copies files below a run's or a logged model's artifacts, streamed, as a run's own files are copied. */
export class AssetFiles {
  readonly #scope: AssetFilesScope;

  constructor(scope: AssetFilesScope) {
    this.#scope = scope;
  }

  /**
   * Copies files; what is there with the same size stays. A file that fails is named and stops nothing. Throws `Failure`
   * when what is there cannot be listed, or when it was interrupted.
   */
  async put(root: FileRoot, artifacts: Artifacts): Promise<PutOutcome> {
    const failed: FailedFile[] = [];
    const loss: Loss[] = [];
    const held = await this.#held(root);
    const put = wayInto(this.#scope.server, root);
    const sizes = await inTurns(artifacts.files, this.#scope.concurrency, async (file) => {
      if (this.#scope.signal.aborted) throw interrupted(root);
      try {
        return await this.#copy(
          { root, put, artifacts, file, there: held.get(within(root, file.path)) },
          loss,
        );
      } catch (thrown) {
        failed.push(failedFile(file.path, thrown));
        return null;
      }
    });
    const done = sizes.filter((size) => size !== null);
    return { files: done.length, bytes: done.reduce((sum, size) => sum + size, 0), failed, loss };
  }

  /** Writes one small file. Throws `Failure`. */
  async putFile(root: FileRoot, path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.#send(wayInto(this.#scope.server, root), within(root, path), bytes);
  }

  async #copy(
    { root, put, artifacts, file, there }: {
      readonly root: FileRoot;
      readonly put: PutFile;
      readonly artifacts: Artifacts;
      readonly file: FileRef;
      readonly there: number | undefined;
    },
    loss: Loss[],
  ): Promise<number> {
    const path = within(root, file.path);
    const fault = pathFault(path);
    if (fault !== null) throw pathRefused(path, fault);
    const renames = root.renamings.length > 0 && !this.#scope.keepMlmodel && isMlmodel(path) &&
      (file.size ?? 0) <= MLMODEL_MOST;
    if (!renames && there !== undefined && there === file.size) return there;
    const source = await openSource(this.#scope.stores, artifacts.store, file);
    if (renames) {
      const original = new Uint8Array(await new Response(await source.open()).arrayBuffer());
      const renamed = renameIds(file, original, await renamingsFor(root, original));
      if (renamed !== null) loss.push(renamed.loss);
      const bytes = renamed?.content ?? original;
      if (bytes.length !== there) await this.#send(put, path, bytes);
      return bytes.length;
    }
    if (source.size === there) return source.size;
    const type = file.content_type ?? "application/octet-stream";
    await put(path, { open: source.open, size: source.size, type });
    this.#scope.moved.bytes += source.size;
    return source.size;
  }

  async #send(put: PutFile, path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const open = () => Promise.resolve(new Blob([bytes]).stream());
    await put(path, { open, size: bytes.length, type: "application/octet-stream" });
    this.#scope.moved.bytes += bytes.length;
  }

  /** Sizes by path of what is there; nothing is asked of what was made just now. */
  async #held(root: FileRoot): Promise<ReadonlyMap<string, number>> {
    if (root.isNew) return new Map();
    const { server } = this.#scope;
    if (root.run !== null) return await heldFiles(server, root.run);
    const files = await filesOfLoggedModel(this.#scope, root.model ?? "");
    return new Map(files.map(({ path, size }) => [path, size ?? 0]));
  }
}

/** What is renamed in an `MLmodel` file: an object that knows of no run of its own may have a file that names one. */
async function renamingsFor(
  { renamings, runOf }: FileRoot,
  content: Uint8Array,
): Promise<readonly Renaming[]> {
  const from = runOf === undefined || renamings.some(({ key }) => key === "run_id") ? null : runIn(content);
  const to = from === null ? null : await runOf?.(from) ?? null;
  return from === null || to === null ? renamings : [...renamings, { key: "run_id", from, to }];
}

/** A server takes files of a logged model through its proxy alone. */
function wayInto(server: MlflowServer, { uri, run, model }: FileRoot): PutFile {
  if (run !== null || proxiedPath(uri) !== null) {
    return uploadWay(server, { id: run ?? model ?? "", artifactUri: uri });
  }
  return (path) => {
    throw new Failure(
      `Uploading the file "${path}": the server takes no files of logged models for ${uri}.`,
      {
        code: "no_way_to_upload",
        reach: "record",
        retryable: false,
        hint: "let the server keep artifacts itself (mlflow server --artifacts-destination ...), " +
          "or copy the files there by other means",
      },
    );
  };
}

function within({ folder }: FileRoot, path: string): string {
  return folder === "" ? path : `${folder}/${path}`;
}

function failedFile(path: string, thrown: unknown): FailedFile {
  if (!(thrown instanceof Failure) || thrown.facts.code === "interrupted") throw thrown;
  const { code, hint, retryable } = thrown.facts;
  return { path, code, message: thrown.message, retryable, ...(hint === undefined ? {} : { hint }) };
}

function pathRefused(path: string, fault: string): Failure {
  return new Failure(`Writing the file ${JSON.stringify(path)}: the path ${fault}.`, {
    code: "path_refused",
    reach: "record",
    retryable: false,
    hint: "rename the file at its source, or put it into the target by other means",
  });
}

function interrupted({ uri }: FileRoot): Failure {
  return new Failure(`Copying files to ${uri} was interrupted.`, {
    code: "interrupted",
    reach: "record",
    retryable: true,
    hint: "run it again to continue",
  });
}
