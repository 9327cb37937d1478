import type { FileRef } from "../records/artifacts.ts";
import type { Fault, FoundJob } from "../stages/ports.ts";
import { inTurns } from "./in_turns.ts";
import { MLFLOW_ROUTES } from "./routes.ts";
import { type AskList, type Folder, listFolder, sizeOfFile } from "./run_files.ts";
import type { RunReads } from "./run_reads.ts";

/** Folders of one run that are listed at a time. */
const WIDTH = 4;

/** Faults that are told one by one; further ones are counted in the last of them. */
const TOLD = 3;

type ReadFiles = Awaited<ReturnType<FoundJob["artifacts"]>>;

/** Files of one run that are asked for their size, where the listing told none: it tells none of empty ones. */
const SIZES_ASKED = 20;

/**
 * The files of a run with their sizes, from a listing of each of its folders; MLflow tells no hashes. A folder that
 * cannot be listed is a fault, and the rest is kept. Throws `Failure` when the root cannot be listed.
 */
export async function listArtifacts(reads: RunReads, run: string): Promise<ReadFiles> {
  const ask: AskList = (details) => reads.ask(MLFLOW_ROUTES.artifacts.list, details);
  const files: FileRef[] = [];
  const faults: Fault[] = [];
  let level = take(await listFolder(ask, run, ""), files, faults);
  while (level.length > 0 && !reads.signal.aborted) {
    const below = await inTurns(level, Math.min(WIDTH, reads.concurrency), async (folder) => {
      try {
        return await listFolder(ask, run, folder);
      } catch (error) {
        const { message, ...trouble } = reads.trouble(error);
        faults.push({
          part: "artifacts",
          ...trouble,
          message: `folder "${folder}" could not be listed: ${message}`,
        });
        return { files: [], folders: [], refused: [] };
      }
    });
    level = below.flatMap((folder) => take(folder, files, faults));
  }
  await addSizes(reads, run, files);
  files.sort((a, b) => a.path < b.path ? -1 : 1);
  const store = { kind: "mlflow", endpoint: reads.server.address, container: run, prefix: "" };
  return { artifacts: { store, files }, faults: fewOf(faults) };
}

/** Sizes that no listing told, as far as a few requests tell them; the others stay unknown. */
async function addSizes(reads: RunReads, run: string, files: FileRef[]): Promise<void> {
  const unsized = files.flatMap(({ size }, at) => size === null ? [at] : []).slice(0, SIZES_ASKED);
  await inTurns(unsized, Math.min(WIDTH, reads.concurrency), async (at) => {
    const file = files[at];
    if (file === undefined || reads.signal.aborted) return;
    try {
      files[at] = { ...file, size: await sizeOfFile(reads.server, run, file.path) };
    } catch (error) {
      reads.trouble(error);
    }
  });
}

function take({ files, folders, refused }: Folder, all: FileRef[], faults: Fault[]): readonly string[] {
  for (const file of files) all.push(file);
  for (const path of refused) {
    const message = `the listing names ${
      JSON.stringify(path)
    }, which does not lie in the folder that was listed`;
    faults.push({ part: "artifacts", code: "bad_path", message, retryable: false });
  }
  return folders;
}

function fewOf(faults: readonly Fault[]): readonly Fault[] {
  const last = faults[TOLD - 1];
  const more = faults.length - TOLD;
  if (last === undefined || more <= 0) return faults;
  return [...faults.slice(0, TOLD - 1), { ...last, message: `${last.message} (and so for ${more} more)` }];
}
