import type { Route } from "../wire/wire.ts";

const api = "/api/2.0/mlflow";
const proxy = "/api/2.0/mlflow-artifacts";

/**
 * Files of runs and logged models, the three ways: through the tracking server whatever the store, through its artifact
 * proxy (503 where the server does not proxy), and by addresses straight to the store.
 */
export const ARTIFACT_ROUTES = {
  /** Query: `run_id` (or `run_uuid`), `path`, `page_token`. One folder: `{root_uri, files: [{path, is_dir, file_size}]}`. */
  list: { method: "GET", path: `${api}/artifacts/list`, effect: "read", repeatable: true },
  /** Query: `run_uuid`, `path`. The bytes, proxied or not. */
  get: { method: "GET", path: "/get-artifact", effect: "read", repeatable: true },
  /** Query: `run_uuid`, `path`. Bytes in, 10 MB at most, type `application/octet-stream`; not where the server proxies. */
  upload: {
    method: "POST",
    path: "/ajax-api/2.0/mlflow/upload-artifact",
    effect: "write",
    repeatable: true,
  },
  /** Query: `path`. One folder of the proxied store: `{files: [{path, is_dir, file_size}]}`, paths relative to it. */
  proxyList: { method: "GET", path: `${proxy}/artifacts`, effect: "read", repeatable: true },
  proxyGet: { method: "GET", path: `${proxy}/artifacts/{+path}`, effect: "read", repeatable: true },
  proxyPut: { method: "PUT", path: `${proxy}/artifacts/{+path}`, effect: "write", repeatable: true },
  proxyDelete: { method: "DELETE", path: `${proxy}/artifacts/{+path}`, effect: "write", repeatable: true },
  /** Answers `{presigned_url, headers, file_size}`. */
  proxyPresigned: { method: "GET", path: `${proxy}/presigned/{+path}`, effect: "read", repeatable: true },
  /** Body `{path, num_parts}`; answers `{upload_id, credentials: [{url, part_number, headers}]}`. A repeat leaves an upload behind. */
  mpuCreate: { method: "POST", path: `${proxy}/mpu/create/{+path}`, effect: "write", repeatable: true },
  /** Body `{path, upload_id, parts: [{part_number, etag, url}]}`. A repeat is refused where the first try arrived. */
  mpuComplete: { method: "POST", path: `${proxy}/mpu/complete/{+path}`, effect: "write", repeatable: false },
  /** Body `{path, upload_id}`. */
  mpuAbort: { method: "POST", path: `${proxy}/mpu/abort/{+path}`, effect: "write", repeatable: true },
  /** Body `{run_id or model_id, path, expiration?}`; answers `{presigned_url, headers, file_size}`; newest 3.x. */
  presignedDownload: {
    method: "POST",
    path: `${api}/artifacts/presigned-download-url`,
    effect: "read",
    repeatable: true,
  },
  /** As the download's. Asking changes nothing, but it is a licence to write. */
  presignedUpload: {
    method: "POST",
    path: `${api}/artifacts/presigned-upload-url`,
    effect: "write",
    repeatable: true,
  },
  /** `url` is the address that the server handed out, sent with `audience: "none"` and the headers that came with it. */
  storeGet: { method: "GET", path: "", effect: "read", repeatable: true },
  storePut: { method: "PUT", path: "", effect: "write", repeatable: true },
  /** Query: `artifact_directory_path`. One folder of a logged model: `{root_uri, files}`; MLflow 3. */
  modelList: {
    method: "GET",
    path: `${api}/logged-models/{model_id}/artifacts/directories`,
    effect: "read",
    repeatable: true,
  },
  /** Query: `artifact_file_path`. The bytes of a file of a logged model; MLflow 3, not under `/api`. */
  modelGet: {
    method: "GET",
    path: "/ajax-api/2.0/mlflow/logged-models/{model_id}/artifacts/files",
    effect: "read",
    repeatable: true,
  },
  /** Query: `name`, `version`, `path`. The bytes of a file of a model version, wherever its source lies. */
  versionGet: { method: "GET", path: "/model-versions/get-artifact", effect: "read", repeatable: true },
} as const satisfies Record<string, Route>;
