import type { BlobItem, ReadableStore } from "../blob/container.ts";
import { Failure } from "../records/failure.ts";
import { isJsonObject, type JsonObject } from "../records/json.ts";
import { checkFileName } from "./file_names.ts";
import { objectAt, textAt } from "./json_fields.ts";
import { MLFLOW_ROUTES } from "./routes.ts";
import { type Folder, listFolder, sizeOfFile } from "./run_files.ts";
import type { MlflowDetails, MlflowServer } from "./server.ts";
import type { Route } from "../wire/wire.ts";

const PROXIED = /^mlflow-artifacts:(?:\/\/[^/]*)?\/(.*)$/;

/** Folders of a run whose listings are kept. */
const MOST_FOLDERS = 16;

/**
 * The files of a run on an MLflow server, read through the server whatever its store. `head` looks into the listing of
 * the file's folder, which is kept. A name that the server would give the wrong file for is a `Failure` (record).
 */
export function openRunStore(server: MlflowServer, run: string): ReadableStore {
  const folders = new Map<string, Promise<Folder>>();
  let root: Promise<string | null> | null = null;
  const listed = (folder: string): Promise<Folder> => {
    const known = folders.get(folder);
    if (known !== undefined) return known;
    if (folders.size === MOST_FOLDERS) folders.clear();
    const asked = listFolder((details) => ask(server, MLFLOW_ROUTES.artifacts.list, details), run, folder);
    folders.set(folder, asked);
    // What failed is asked for again.
    asked.catch(() => folders.delete(folder));
    return asked;
  };
  return {
    endpoint: server.address,
    name: run,
    async head(name) {
      checkFileName(run, name);
      const { files } = await listed(name.split("/").slice(0, -1).join("/"));
      const file = files.find(({ path }) => path === name);
      if (file === undefined) return null;
      return itemOf(name, file.size ?? await sizeOfFile(server, run, name));
    },
    async read(name) {
      checkFileName(run, name);
      try {
        return (await server.open(MLFLOW_ROUTES.artifacts.get, { query: { run_uuid: run, path: name } }))
          .body;
      } catch (error) {
        if (!mayLieInProxy(error)) throw error;
        root ??= proxiedRoot(server, run).catch(() => null);
        const place = await root;
        if (place === null) throw error;
        const path = `${place}/${name}`.split("/").map(encodeURIComponent).join("/");
        return (await server.open(MLFLOW_ROUTES.artifacts.proxyGet, { vars: { path } })).body;
      }
    },
  };
}

/** Nobody told the size: such a file is copied by what comes of it. */
function itemOf(name: string, size: number | null): BlobItem | null {
  return size === null ? null : { name, size, md5: null, contentType: null };
}

/** A server without `/get-artifact`, or one that fails on it, may still give the file by its proxy. */
function mayLieInProxy(error: unknown): error is Failure {
  if (!(error instanceof Failure) || error.facts.code === "RESOURCE_DOES_NOT_EXIST") return false;
  return [404, 405, 500, 501].includes(error.facts.status ?? 0);
}

/** Where the run's files lie in the store that the server proxies; null for a run whose files lie elsewhere. */
async function proxiedRoot(server: MlflowServer, run: string): Promise<string | null> {
  const answer = await ask(server, MLFLOW_ROUTES.runs.get, { query: { run_id: run } });
  const uri = textAt(objectAt(objectAt(answer, "run"), "info"), "artifact_uri") ?? "";
  return PROXIED.exec(uri)?.[1]?.replace(/\/+$/, "") ?? null;
}

async function ask(server: MlflowServer, route: Route, details: MlflowDetails): Promise<JsonObject> {
  const { body } = await server.send(route, details);
  return isJsonObject(body) ? body : {};
}
