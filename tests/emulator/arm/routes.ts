import type { Handler, RouteRow } from "../router.ts";
import type { AssetKind } from "../state.ts";
import { assetHandlers } from "./assets.ts";
import { deleteDatastore, getDatastore, listDatastores, listSecrets, putDatastore } from "./datastores.ts";
import { getJob, listJobs } from "./jobs_read.ts";
import { cancelJob, cancelStatus, deleteJob, putJob } from "./jobs_write.ts";
import { startPendingUpload } from "./pending_upload.ts";
import { simpleHandlers, type SimpleKind } from "./simple_resources.ts";
import { getWorkspace } from "./workspace.ts";

const read = (
  name: string,
  path: string,
  handler: Handler,
  method: RouteRow["method"] = "GET",
): RouteRow => ({
  name: `arm.${name}`,
  method,
  path: `{+ws}${path}`,
  effect: "read",
  handler,
});

const write = (name: string, method: RouteRow["method"], path: string, handler: Handler): RouteRow => ({
  name: `arm.${name}`,
  method,
  path: `{+ws}${path}`,
  effect: "write",
  handler,
});

function assetRows(kind: AssetKind): RouteRow[] {
  const handlers = assetHandlers(kind);
  const one = `/${kind}/{name}`;
  const version = `${one}/versions/{version}`;
  return [
    read(`${kind}.list`, `/${kind}`, handlers.list),
    read(`${kind}.container`, one, handlers.container),
    write(`${kind}.putContainer`, "PUT", one, handlers.putContainer),
    read(`${kind}.versions`, `${one}/versions`, handlers.versions),
    read(`${kind}.get`, version, handlers.get),
    write(`${kind}.put`, "PUT", version, handlers.put),
    write(`${kind}.delete`, "DELETE", version, handlers.remove),
    write(`${kind}.startPendingUpload`, "POST", `${version}/startPendingUpload`, startPendingUpload),
  ];
}

function simpleRows(kind: SimpleKind): RouteRow[] {
  const handlers = simpleHandlers(kind);
  const one = `/${kind}/{name}`;
  return [
    read(`${kind}.list`, `/${kind}`, handlers.list),
    read(`${kind}.get`, one, handlers.get),
    write(`${kind}.put`, "PUT", one, handlers.put),
    write(`${kind}.delete`, "DELETE", one, handlers.remove),
  ];
}

/** ARM below a workspace (Azure ML ARM operations 2022-05-01 and later; any `api-version` is taken). */
export const routes: readonly RouteRow[] = [
  read("workspace.get", "", getWorkspace),
  read("jobs.list", "/jobs", listJobs),
  read("jobs.get", "/jobs/{name}", getJob),
  write("jobs.put", "PUT", "/jobs/{name}", putJob),
  write("jobs.delete", "DELETE", "/jobs/{name}", deleteJob),
  write("jobs.cancel", "POST", "/jobs/{name}/cancel", cancelJob),
  read("jobs.cancelstatus", "/cancelstatus/{id}", cancelStatus),
  read("datastores.list", "/datastores", listDatastores),
  read("datastores.get", "/datastores/{name}", getDatastore),
  write("datastores.put", "PUT", "/datastores/{name}", putDatastore),
  write("datastores.delete", "DELETE", "/datastores/{name}", deleteDatastore),
  read("datastores.listSecrets", "/datastores/{name}/listSecrets", listSecrets, "POST"),
  ...(["components", "environments", "data", "models", "codes"] as const).flatMap(assetRows),
  ...(["computes", "schedules", "batchEndpoints"] as const).flatMap(simpleRows),
];
