import type { FileRef } from "../records/artifacts.ts";
import type { JsonObject } from "../records/json.ts";
import { checkFileName } from "./file_names.ts";
import { integerAt, objectsAt, textAt } from "./json_fields.ts";
import { MLFLOW_ROUTES } from "./routes.ts";
import type { MlflowDetails, MlflowServer } from "./server.ts";

/** One folder of a run's files. */
export interface Folder {
  readonly files: readonly FileRef[];
  readonly folders: readonly string[];
  /** Names that lead out of the folder. */
  readonly refused: readonly string[];
}

/** Sends one request of a listing. */
export type AskList = (details: MlflowDetails) => Promise<JsonObject>;

/**
 * One folder of a run (`""` for its root), page by page. MLflow `artifacts/list`: paths are relative to the run; a file
 * without a size is an empty one, or one whose store tells none. Throws as `ask` does.
 */
export async function listFolder(ask: AskList, run: string, folder: string): Promise<Folder> {
  const files = new Map<string, FileRef>();
  const folders = new Set<string>();
  const refused = new Set<string>();
  let token: string | null = null;
  do {
    const query = { run_id: run, path: folder === "" ? undefined : folder, page_token: token ?? undefined };
    const answer: JsonObject = await ask({ query });
    for (const entry of objectsAt(answer, "files")) {
      const path = textAt(entry, "path") ?? "";
      if (!isWithin(path, folder)) refused.add(path);
      else if (entry["is_dir"] === true) folders.add(path);
      else files.set(path, { path, size: integerAt(entry, "file_size") });
    }
    const next: string | null = textAt(answer, "next_page_token");
    token = next === token ? null : next;
  } while (token !== null);
  return { files: [...files.values()], folders: [...folders], refused: [...refused] };
}

/**
 * The size of a file whose listing tells none, from the head of its bytes; null when that does not tell it either.
 * Throws `Failure`.
 */
export async function sizeOfFile(server: MlflowServer, run: string, path: string): Promise<number | null> {
  checkFileName(run, path);
  const { body, headers } = await server.open(MLFLOW_ROUTES.artifacts.get, {
    query: { run_uuid: run, path },
  });
  await body.cancel();
  const length = headers.get("content-length") ?? "";
  return /^\d+$/.test(length) && !headers.has("content-encoding") ? Number(length) : null;
}

/** Each step leads one folder deeper, so a listing that leads in circles comes to an end. */
function isWithin(path: string, folder: string): boolean {
  const before = folder === "" ? "" : `${folder}/`;
  const name = path.slice(before.length);
  return path.startsWith(before) && !["", ".", ".."].includes(name) && !name.includes("/");
}
