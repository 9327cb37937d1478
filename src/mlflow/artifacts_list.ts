import type { FileRef } from "../records/artifacts.ts";
import type { JsonObject } from "../records/json.ts";
import type { Fault, FoundJob } from "../stages/ports.ts";
import { inTurns } from "./in_turns.ts";
import { integerAt, objectsAt, textAt } from "./json_fields.ts";
import { MLFLOW_ROUTES } from "./routes.ts";
import type { RunReads } from "./run_reads.ts";

/** Folders of one run that are listed at a time. */
const WIDTH = 4;

/** Faults that are told one by one; further ones are counted in the last of them. */
const TOLD = 3;

type ReadFiles = Awaited<ReturnType<FoundJob["artifacts"]>>;

/** One folder of a listing. */
interface Folder {
  readonly files: readonly FileRef[];
  readonly folders: readonly string[];
  /** Names that lead out of the folder. */
  readonly refused: readonly string[];
}

/**
 * The files of a run with their sizes, from a listing of each of its folders; MLflow tells no hashes. A folder that
 * cannot be listed is a fault, and the rest is kept. Throws `Failure` when the root cannot be listed.
 */
export async function listArtifacts(reads: RunReads, run: string): Promise<ReadFiles> {
  const files: FileRef[] = [];
  const faults: Fault[] = [];
  let level = take(await listFolder(reads, run, ""), files, faults);
  while (level.length > 0 && !reads.signal.aborted) {
    const below = await inTurns(level, Math.min(WIDTH, reads.concurrency), async (folder) => {
      try {
        return await listFolder(reads, run, folder);
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
  files.sort((a, b) => a.path < b.path ? -1 : 1);
  const store = { kind: "mlflow", endpoint: reads.server.address, container: run, prefix: "" };
  return { artifacts: { store, files }, faults: fewOf(faults) };
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

/** One folder, page by page. (MLflow `artifacts/list`: paths are relative to the run; sizes of files alone.) */
async function listFolder(reads: RunReads, run: string, folder: string): Promise<Folder> {
  const found = { files: new Map<string, FileRef>(), folders: new Set<string>(), refused: new Set<string>() };
  let token: string | null = null;
  do {
    const query: Record<string, string | undefined> = {
      run_id: run,
      path: folder === "" ? undefined : folder,
      page_token: token ?? undefined,
    };
    const answer: JsonObject = await reads.ask(MLFLOW_ROUTES.artifacts.list, { query });
    for (const entry of objectsAt(answer, "files")) {
      const path = textAt(entry, "path") ?? "";
      if (!isWithin(path, folder)) found.refused.add(path);
      else if (entry["is_dir"] === true) found.folders.add(path);
      else found.files.set(path, { path, size: integerAt(entry, "file_size") });
    }
    const next: string | null = textAt(answer, "next_page_token");
    token = next === token ? null : next;
  } while (token !== null && !reads.signal.aborted);
  return { files: [...found.files.values()], folders: [...found.folders], refused: [...found.refused] };
}

/** Each step leads one folder deeper, so a listing that leads in circles comes to an end. */
function isWithin(path: string, folder: string): boolean {
  const before = folder === "" ? "" : `${folder}/`;
  const name = path.slice(before.length);
  return path.startsWith(before) && !["", ".", ".."].includes(name) && !name.includes("/");
}

function fewOf(faults: readonly Fault[]): readonly Fault[] {
  const last = faults[TOLD - 1];
  const more = faults.length - TOLD;
  if (last === undefined || more <= 0) return faults;
  return [...faults.slice(0, TOLD - 1), { ...last, message: `${last.message} (and so for ${more} more)` }];
}
