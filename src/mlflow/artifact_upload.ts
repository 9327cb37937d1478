import type { Artifacts, FileRef } from "../records/artifacts.ts";
import { Failure } from "../records/failure.ts";
import type { Loss } from "../records/loss.ts";
import type { ArtifactOutcome, FailedFile } from "../stages/ports.ts";
import { heldFiles } from "./artifact_upload_held.ts";
import { isMlmodel, MLMODEL_MOST, renameIds } from "./mlmodel.ts";
import { pathFault } from "./artifact_upload_path.ts";
import { openSource, type SourceFile } from "./artifact_upload_source.ts";
import { type PutFile, uploadWay } from "./artifact_upload_way.ts";
import { inTurns } from "./in_turns.ts";
import type { OpenRun } from "./open_run.ts";
import { MLFLOW_ROUTES } from "./routes.ts";
import type { TargetScope } from "./target_scope.ts";

const NOTHING: ArtifactOutcome = { files: 0, bytes: 0, failed: [] };

/** The files of one run in the target: those of its source, and small ones of azml's own. */
export class RunFiles {
  readonly #scope: TargetScope;
  readonly #open: OpenRun;
  /** Id of the job in the source, which `MLmodel` files name. */
  readonly #origin: string;
  readonly #put: PutFile;
  #held: Promise<ReadonlyMap<string, number>> | null = null;
  /** What was changed in files on their way. */
  readonly losses: Loss[] = [];

  constructor(scope: TargetScope, open: OpenRun, origin: string) {
    this.#scope = scope;
    this.#open = open;
    this.#origin = origin;
    this.#put = uploadWay(scope.server, open.run);
  }

  /**
   * Copies files into the run, streamed; one that is there with the same size is left alone. A file that fails is
   * named and stops nothing. Throws `Failure` when the run's files cannot be listed, or when it was interrupted.
   */
  async copy(artifacts: Artifacts): Promise<ArtifactOutcome> {
    if (!this.#scope.copyArtifacts) return NOTHING;
    const { files, failed } = sorted(artifacts.files);
    const held = await this.#heldFiles();
    const sizes = await inTurns(files, this.#scope.concurrency, async (file) => {
      if (this.#scope.signal.aborted) throw interrupted(this.#open.run.id);
      try {
        return await this.#copyFile(artifacts, file, held.get(file.path));
      } catch (thrown) {
        failed.push(failedFile(file.path, thrown));
        return null;
      }
    });
    const done = sizes.filter((size) => size !== null);
    return { files: done.length, bytes: done.reduce((sum, size) => sum + size, 0), failed };
  }

  /** One small file as the run holds it; null where there is none. Throws `Failure`. */
  async read(path: string): Promise<Uint8Array | null> {
    if (!(await this.#heldFiles()).has(path)) return null;
    const query = { run_uuid: this.#open.run.id, path };
    const { body } = await this.#scope.server.open(MLFLOW_ROUTES.artifacts.get, { query });
    return new Uint8Array(await new Response(body).arrayBuffer());
  }

  /** Writes one small file. Throws `Failure`. */
  async write(path: string, content: Uint8Array<ArrayBuffer>, type: string): Promise<void> {
    const fault = pathFault(path);
    if (fault !== null) throw pathRefused(path, fault);
    await this.#put(path, { open: () => Promise.resolve(streamOf(content)), type, size: content.length });
    this.#scope.moved.bytes += content.length;
  }

  /** Nothing is asked of a run that was made just now. */
  async #heldFiles(): Promise<ReadonlyMap<string, number>> {
    if (!this.#open.wasThere) return new Map();
    return await (this.#held ??= heldFiles(this.#scope.server, this.#open.run.id));
  }

  /** Puts one file in place; answers its bytes. */
  async #copyFile(artifacts: Artifacts, file: FileRef, there: number | undefined): Promise<number> {
    const renames = isMlmodel(file.path) && !this.#scope.keepMlmodel && (file.size ?? 0) <= MLMODEL_MOST;
    if (!renames && there !== undefined && there === file.size) return there;
    const source = await openSource(this.#scope.stores, artifacts.store, file);
    if (renames) return await this.#copyMlmodel(file, source, there);
    if (source.size === there) return source.size;
    const { open, size } = source;
    await this.#put(file.path, { open, size, type: file.content_type ?? "application/octet-stream" });
    this.#scope.moved.bytes += size;
    return size;
  }

  async #copyMlmodel(file: FileRef, source: SourceFile, there: number | undefined): Promise<number> {
    const original = new Uint8Array(await new Response(await source.open()).arrayBuffer());
    if (original.length !== source.size) throw sizeDiffers(file.path, original.length, source.size);
    const renamed = renameIds(file, original, [{
      key: "run_id",
      from: this.#origin,
      to: this.#open.run.id,
    }]);
    if (renamed !== null) this.losses.push(renamed.loss);
    const content = renamed?.content ?? original;
    if (content.length !== there) await this.write(file.path, content, "text/plain");
    return content.length;
  }
}

/** Sorts out the files whose path may not be written, and those that come twice. */
function sorted(listed: readonly FileRef[]): { files: readonly FileRef[]; failed: FailedFile[] } {
  const failed: FailedFile[] = [];
  const files = new Map<string, FileRef>();
  for (const file of listed) {
    const fault = pathFault(file.path);
    const twin = files.get(file.path);
    if (fault !== null) failed.push(failedFile(file.path, pathRefused(file.path, fault)));
    else if (twin === undefined) files.set(file.path, file);
    else if (JSON.stringify(twin) !== JSON.stringify(file)) {
      failed.push({ path: file.path, code: "path_twice", message: "the record has two files of this path" });
    }
  }
  return { files: [...files.values()], failed };
}

function streamOf(content: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array> {
  return new Blob([content]).stream();
}

function failedFile(path: string, thrown: unknown): FailedFile {
  if (!(thrown instanceof Failure) || thrown.facts.code === "interrupted") throw thrown;
  const { code, hint, retryable } = thrown.facts;
  return { path, code, message: thrown.message, retryable, ...(hint === undefined ? {} : { hint }) };
}

function pathRefused(path: string, fault: string): Failure {
  return new Failure(`Writing the file ${JSON.stringify(path)} of a run: the path ${fault}.`, {
    code: "path_refused",
    reach: "record",
    retryable: false,
    hint: "rename the file at its source, or put it into the target by other means",
  });
}

function sizeDiffers(path: string, came: number, expected: number): Failure {
  return new Failure(`${came} bytes of the file "${path}" came where ${expected} were listed.`, {
    code: "content_differs",
    reach: "record",
    retryable: true,
    hint: "the source may have changed while it was copied: run it again",
  });
}

function interrupted(runId: string): Failure {
  return new Failure(`Copying the files of run "${runId}" was interrupted.`, {
    code: "interrupted",
    reach: "record",
    retryable: true,
    hint: "Run it again to continue.",
  });
}
