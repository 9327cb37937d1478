import type { BlobContainer, BlobItem } from "../blob/container.ts";
import type { Artifacts, FileRef, StoreRef } from "../records/artifacts.ts";
import { Failure } from "../records/failure.ts";
import type { ArtifactOutcome, FailedFile } from "../stages/ports.ts";
import { type ArtifactPlace, artifactPlace } from "./artifact_place.ts";
import { pathFault } from "./artifact_path_check.ts";
import { registerAll, registeredPaths } from "./artifact_register.ts";
import type { OpenRun } from "./run_create.ts";
import type { TargetScope } from "./target_scope.ts";

/** What is known of a run's files in the target before copying. */
interface There {
  readonly blobs: ReadonlyMap<string, BlobItem>;
  readonly registered: ReadonlySet<string>;
}

const NOTHING: ArtifactOutcome = { files: 0, bytes: 0, failed: [] };

/**
 * Copies a run's files storage to storage and registers them, 50 a call. What is in place (same size and MD5) and
 * registered is left alone; a file that fails is named and stops nothing. Throws `Failure` when the target itself
 * cannot be written to, or when the work was interrupted.
 */
export async function writeArtifacts(
  scope: TargetScope,
  open: OpenRun,
  artifacts: Artifacts,
): Promise<ArtifactOutcome> {
  const { files, failed } = sorted(artifacts.files);
  const [first] = files;
  if (!scope.copyArtifacts || first === undefined) {
    return scope.copyArtifacts ? { ...NOTHING, failed } : NOTHING;
  }
  const { dataContainer } = open.run;
  const place = await artifactPlace(scope, dataContainer, first.path);
  const there = await lookAround(scope, open, place);
  const sizes = new Map<string, number>();
  await eachOf(files, scope.concurrency, async (file) => {
    if (scope.signal.aborted) throw interrupted(open.run.id);
    try {
      sizes.set(file.path, await putFile(scope, place, there, artifacts.store, file));
    } catch (thrown) {
      failed.push(failedFile(file.path, thrown));
    }
  });
  const fresh = [...sizes.keys()].filter((path) => !there.registered.has(path));
  for (const { path, code, message } of await registerAll(scope, dataContainer, fresh)) {
    sizes.delete(path);
    failed.push({ path, code, message });
  }
  const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  return { files: sizes.size, bytes, failed };
}

/** Sorts out the files whose path may not be written, and those that come twice. */
function sorted(listed: readonly FileRef[]): { files: readonly FileRef[]; failed: FailedFile[] } {
  const failed: FailedFile[] = [];
  const files = new Map<string, FileRef>();
  for (const file of listed) {
    const fault = pathFault(file.path);
    const twin = files.get(file.path);
    if (fault !== null) failed.push({ path: file.path, code: "path_refused", message: `the path ${fault}` });
    else if (twin === undefined) files.set(file.path, file);
    else if (JSON.stringify(twin) !== JSON.stringify(file)) {
      failed.push({ path: file.path, code: "path_twice", message: "the record has two files of this path" });
    }
  }
  return { files: [...files.values()], failed };
}

/** On a run that was there before: its blobs by path, and which paths are registered. */
async function lookAround(scope: TargetScope, open: OpenRun, place: ArtifactPlace): Promise<There> {
  const blobs = new Map<string, BlobItem>();
  if (!open.wasThere) return { blobs, registered: new Set() };
  for await (const page of place.container.list(place.prefix)) {
    for (const blob of page) blobs.set(blob.name.slice(place.prefix.length), blob);
  }
  return { blobs, registered: await registeredPaths(scope, open.run.dataContainer) };
}

/** Puts one file in place; answers its bytes. */
async function putFile(
  scope: TargetScope,
  place: ArtifactPlace,
  there: There,
  store: StoreRef | null,
  file: FileRef,
): Promise<number> {
  const held = there.blobs.get(file.path);
  if (held !== undefined && held.md5 !== null && held.md5 === file.md5 && held.size === file.size) {
    return held.size;
  }
  const from = await sourceOf(scope, store, file);
  const name = place.prefix + file.path;
  const { bytes } = await place.container.copyFrom(name, from);
  if (bytes > 0 || file.size !== null) return Math.max(bytes, file.size ?? 0);
  return (await place.container.head(name))?.size ?? 0;
}

async function sourceOf(
  scope: TargetScope,
  store: StoreRef | null,
  file: FileRef,
): Promise<Parameters<BlobContainer["copyFrom"]>[1]> {
  const from = file.at?.store ?? store;
  if (from === null) {
    throw new Failure("The record does not say where its bytes are.", {
      code: "no_store",
      reach: "record",
      retryable: false,
      hint: "Name the source with --source.",
    });
  }
  return {
    container: await scope.stores(from),
    name: file.at?.path ?? `${from.prefix ?? ""}${file.path}`,
    size: file.size,
    contentType: file.content_type ?? null,
    // A listing that gives sizes gives the MD5 of every blob that has one.
    ...(file.size === null ? {} : { md5: file.md5 ?? null }),
  };
}

function failedFile(path: string, thrown: unknown): FailedFile {
  if (!(thrown instanceof Failure)) throw thrown;
  const { code, hint, retryable } = thrown.facts;
  return { path, code, message: thrown.message, retryable, ...(hint === undefined ? {} : { hint }) };
}

function interrupted(runId: string): Failure {
  return new Failure(`Copying the files of run "${runId}" was interrupted.`, {
    code: "interrupted",
    reach: "record",
    retryable: true,
    hint: "Run it again to continue.",
  });
}

/** Works through a list, so many at a time; the first thing thrown stops it. */
async function eachOf<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  const hand = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(width, items.length)) }, hand));
}
