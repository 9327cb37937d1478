import type { ReadableStore } from "../blob/container.ts";
import type { StoreRef } from "../records/artifacts.ts";
import { Failure } from "../records/failure.ts";
import { isJsonObject } from "../records/json.ts";
import type { Route } from "../wire/wire.ts";
import { checkFileName } from "./file_names.ts";
import { integerAt, objectsAt, textAt } from "./json_fields.ts";
import { openRunStore } from "./run_store.ts";
import { MLFLOW_ROUTES } from "./routes.ts";
import type { MlflowDetails, MlflowServer } from "./server.ts";

/** How the files of one kind of store are asked for. */
interface Way {
  readonly list: Route;
  readonly get: Route;
  /** `folder` is `""` for the root. */
  readonly listed: (container: string, folder: string) => MlflowDetails;
  readonly got: (container: string, name: string) => MlflowDetails;
  /** Whether a listing's paths are relative to the folder that was asked for, and not to the root. */
  readonly relative: boolean;
}

/** Kind of the store of a run's files. */
const RUN_STORE = "mlflow";

const { artifacts } = MLFLOW_ROUTES;

const optional = (folder: string) => folder === "" ? undefined : folder;

/** Kinds of stores beside that of a run: files of a logged model, and of what the server proxies for. */
const WAYS: ReadonlyMap<string, Way> = new Map<string, Way>([
  ["mlflow-model", {
    list: artifacts.modelList,
    get: artifacts.modelGet,
    listed: (id, folder) => ({
      vars: { model_id: id },
      query: { artifact_directory_path: optional(folder) },
    }),
    got: (id, path) => ({ vars: { model_id: id }, query: { artifact_file_path: path } }),
    relative: false,
  }],
  ["mlflow-path", {
    list: artifacts.proxyList,
    get: artifacts.proxyGet,
    listed: (_none, folder) => ({ query: { path: optional(folder) } }),
    got: (_none, path) => ({ vars: { path: path.split("/").map(encodeURIComponent).join("/") } }),
    relative: true,
  }],
]);

/**
 * The files that an MLflow server holds for what a record's store names: a run, a logged model, or a place of the
 * store that it proxies. Names are whole paths there (`prefix` and the file's path). Sends nothing until it is used.
 * Throws `Failure` (record) for a store that is none of these, and for a name that leads elsewhere.
 */
export async function openServerStore(server: MlflowServer, ref: StoreRef): Promise<ReadableStore> {
  const way = WAYS.get(ref.kind);
  const container = ref.container ?? "";
  if (way === undefined && ref.kind !== RUN_STORE) {
    throw refusal(ref, `is of kind ${ref.kind}, which no MLflow server has`);
  }
  if (ref.kind !== "mlflow-path" && !/^[\w-]+$/.test(container)) {
    throw refusal(ref, "names no run and no model");
  }
  if (way === undefined) return openRunStore(server, container);
  return await Promise.resolve({
    endpoint: server.address,
    name: container,
    async head(name) {
      checkFileName(container || "the store", name);
      const folder = name.split("/").slice(0, -1).join("/");
      const size = await findSize(server, way, way.listed(container, folder), { name, folder });
      if (size === null) return null;
      const known = size === "untold" ? await sizeByReading(server, way.get, way.got(container, name)) : size;
      return { name, size: known, md5: null, contentType: null };
    },
    async read(name) {
      checkFileName(container || "the store", name);
      const { body } = await server.open(way.get, way.got(container, name));
      return body;
    },
  });
}

/** Looks a file up in the listing of its folder; null when it is not there. Listings leave out sizes of zero and unknown ones. */
async function findSize(
  server: MlflowServer,
  way: Way,
  details: MlflowDetails,
  { name, folder }: { readonly name: string; readonly folder: string },
): Promise<number | "untold" | null> {
  const before = way.relative && folder !== "" ? `${folder}/` : "";
  let token: string | null = null;
  do {
    const query: NonNullable<MlflowDetails["query"]> = { ...details.query, page_token: token ?? undefined };
    const { body } = await server.send(way.list, { ...details, query, accept: [404] });
    if (!isJsonObject(body)) return null;
    for (const file of objectsAt(body, "files")) {
      if (before + (textAt(file, "path") ?? "") !== name || file["is_dir"] === true) continue;
      return integerAt(file, "file_size") ?? "untold";
    }
    const next: string | null = textAt(body, "next_page_token");
    token = next === token ? null : next;
  } while (token !== null);
  return null;
}

async function sizeByReading(server: MlflowServer, route: Route, details: MlflowDetails): Promise<number> {
  const { headers, body } = await server.open(route, details);
  const announced = headers.get("content-length");
  if (announced !== undefined) {
    await body.cancel();
    return Number(announced);
  }
  let size = 0;
  for await (const chunk of body) size += chunk.length;
  return size;
}

function refusal(ref: StoreRef, why: string): Failure {
  return new Failure(
    `the store ${ref.container ?? ""} at ${ref.endpoint ?? "no address"} of the record ${why}`,
    {
      code: "store_not_trusted",
      reach: "record",
      retryable: false,
    },
  );
}
