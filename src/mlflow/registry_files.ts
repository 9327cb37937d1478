import type { FileRef } from "../records/artifacts.ts";
import { isJsonObject, type JsonObject } from "../records/json.ts";
import { inTurns } from "./in_turns.ts";
import { integerAt, objectsAt, textAt } from "./json_fields.ts";
import { MLFLOW_ROUTES } from "./routes.ts";
import type { MlflowDetails, MlflowServer } from "./server.ts";
import type { Answer, Route } from "../wire/wire.ts";

/** What listing files needs. */
export interface FileReads {
  readonly server: MlflowServer;
  readonly concurrency: number;
  readonly signal: AbortSignal;
}

/** Lists one folder; its path, and those of the entries, are relative to the root of the walk (`""`). */
type Lister = (folder: string) => Promise<readonly JsonObject[]>;

/** More levels than any model has: a server that answers a folder with itself ends here. */
const MOST_LEVELS = 64;

/** Files of a logged model, paths relative to its root. Throws `Failure`. */
export function filesOfLoggedModel(reads: FileReads, id: string): Promise<readonly FileRef[]> {
  return walk(reads, (folder) =>
    entries(reads, MLFLOW_ROUTES.artifacts.modelList, {
      vars: { model_id: id },
      query: folder === "" ? {} : { artifact_directory_path: folder },
    }));
}

/** Files below a folder of a run's artifacts, deleted runs too, paths relative to that folder. Throws `Failure`. */
export function filesInRun(reads: FileReads, run: string, root: string): Promise<readonly FileRef[]> {
  const below = root === "" ? "" : `${root}/`;
  return walk(reads, async (folder) => {
    const path = `${below}${folder}`.replace(/\/$/, "");
    const found = await entries(reads, MLFLOW_ROUTES.artifacts.list, {
      query: { run_id: run, path: path === "" ? undefined : path },
    });
    return found.flatMap((entry) => {
      const whole = textAt(entry, "path") ?? "";
      return whole.startsWith(below) ? [{ ...entry, path: whole.slice(below.length) }] : [];
    });
  });
}

/** Files below a folder of the store that the server proxies, paths relative to that folder. Throws `Failure`. */
export function filesInProxy(reads: FileReads, root: string): Promise<readonly FileRef[]> {
  return walk(reads, async (folder) => {
    const path = folder === "" ? root : `${root}/${folder}`;
    const found = await entries(reads, MLFLOW_ROUTES.artifacts.proxyList, { query: { path } });
    // Here, other than in all other listings, the paths are relative to the folder that was asked for.
    return found.map((entry) => {
      const name = textAt(entry, "path") ?? "";
      return { ...entry, path: folder === "" ? name : `${folder}/${name}` };
    });
  });
}

async function walk(reads: FileReads, list: Lister): Promise<readonly FileRef[]> {
  const files: FileRef[] = [];
  let folders: readonly string[] = [""];
  for (let level = 0; folders.length > 0 && level < MOST_LEVELS && !reads.signal.aborted; level++) {
    const found = await inTurns(folders, reads.concurrency, list);
    const next: string[] = [];
    for (const entry of found.flat()) {
      const path = (textAt(entry, "path") ?? "").replace(/^(?:\.\/)+/, "");
      if (path === "") continue;
      if (entry["is_dir"] === true) next.push(path);
      else files.push({ path, size: integerAt(entry, "file_size") });
    }
    folders = next;
  }
  return files.sort((a, b) => a.path < b.path ? -1 : 1);
}

async function entries(
  reads: FileReads,
  route: Route,
  details: MlflowDetails,
): Promise<readonly JsonObject[]> {
  const all: JsonObject[] = [];
  let token: string | null = null;
  do {
    const query: NonNullable<MlflowDetails["query"]> = {
      ...details.query,
      ...(token === null ? {} : { page_token: token }),
    };
    const answer: JsonObject = bodyOf(await reads.server.send(route, { ...details, query }));
    all.push(...objectsAt(answer, "files"));
    const before: string | null = token;
    token = textAt(answer, "next_page_token");
    if (token === before) break;
  } while (token !== null);
  return all;
}

function bodyOf({ body }: Answer): JsonObject {
  return isJsonObject(body) ? body : {};
}
