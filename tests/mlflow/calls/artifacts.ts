import { type Call, type CallRow, filled, type Reply, text } from "../call.ts";
import type { WireValue } from "../json_text.ts";
import { invalid, MlflowError } from "../mlflow_error.ts";
import { isSince } from "../version.ts";
import { rootOf, safePath } from "./artifact_path.ts";
import { fileAnswer } from "./file_answer.ts";
import { runOf } from "./runs.ts";

const UPLOAD_MOST = 10 * 1024 * 1024;

/** Entries of a folder as MLflow lists them: `file_size` is left out for folders and for empty files. */
export function listingJson(
  { store }: Call,
  root: string,
  folder: string,
  prefix: string,
): readonly WireValue[] | undefined {
  const start = prefix === "" ? "" : `${prefix}/`;
  return filled(
    store.files.list(root, folder).map(({ name, size }) => ({
      path: `${start}${name}`,
      is_dir: size === null,
      file_size: size || undefined,
    })),
  );
}

function list(call: Call): Reply {
  const run = runOf(call);
  const path = safePath(text(call.input.path)).replace(/\/$/, "");
  return {
    json: {
      root_uri: run.artifactUri,
      files: listingJson(call, rootOf(call.store, run.artifactUri), path, path),
    },
  };
}

/** Whether this server answers parts of a file: 2.22 and 3.17 do, those between ignore `Range`. */
function knowsRanges(version: string): boolean {
  return isSince(version, "2.22") && (!isSince(version, "3") || isSince(version, "3.17"));
}

/** What is not there, and a folder: 500 on older servers. */
export function noFile(call: Call, root: string, path: string): MlflowError {
  const { version } = call.server;
  if (!isSince(version, "3.17")) {
    return new MlflowError("INTERNAL_ERROR", `No such file or directory: '${path}'`);
  }
  if (call.store.files.list(root, path).length > 0) return invalid(`Path is a directory: '${path}'`);
  return new MlflowError("RESOURCE_DOES_NOT_EXIST", `No such artifact: '${path}'`);
}

/** `/get-artifact` reads files of deleted runs, too, whether the server proxies or not. */
function download(call: Call): Reply {
  const run = runOf(call);
  const path = safePath(text(call.input.path));
  return fileBelow(call, rootOf(call.store, run.artifactUri), path);
}

/** A file below a root as an attachment. */
export function fileBelow(call: Call, root: string, path: string): Response {
  const content = call.store.files.read(root, path);
  if (content === undefined) throw noFile(call, root, path);
  const ranges = knowsRanges(call.server.version);
  return fileAnswer(path, content, call.headers.get("range"), { name: "quoted", ranges });
}

function upload(call: Call): Reply {
  const run = call.store.runs.get(call.query.get("run_uuid") ?? "");
  if (run === undefined) throw invalid("Request must specify run_uuid.");
  const path = safePath(call.query.get("path") ?? "");
  if (call.bytes.length === 0) throw invalid("Request must specify data.");
  if (call.bytes.length > UPLOAD_MOST) throw invalid("Artifact size is too large. Max size is 10MB.");
  call.store.files.write(rootOf(call.store, run.artifactUri), path, call.bytes);
  return new Response("", { headers: { "content-type": "application/json" } });
}

/** A store that has no addresses of its own: what every double is. */
function noAddress(): never {
  throw invalid("Presigned download is not supported for proxied artifact storage.");
}

/** Artifacts of runs by run id. */
export const artifactCalls: readonly CallRow[] = [
  { name: "artifacts.list", method: "GET", path: "artifacts/list", effect: "read", handler: list },
  { name: "artifacts.get", method: "GET", path: "/get-artifact", effect: "read", handler: download },
  {
    name: "artifacts.upload",
    method: "POST",
    path: "/ajax-api/2.0/mlflow/upload-artifact",
    effect: "write",
    handler: upload,
  },
  ...["presigned-download-url", "presigned-upload-url"].map((word): CallRow => ({
    name: `artifacts.${word.replaceAll("-", "_")}`,
    method: "POST",
    path: `artifacts/${word}`,
    effect: "read",
    since: "3.17",
    handler: noAddress,
  })),
];
