import { type Call, type CallRow, type Reply, required } from "../call.ts";
import { MlflowError } from "../mlflow_error.ts";

const WORKSPACES = "/api/3.0/mlflow/workspaces";

function html(text: string): Response {
  return new Response(text, { headers: { "content-type": "text/html; charset=utf-8" } });
}

function info({ server }: Call): Reply {
  return {
    json: {
      store_type: "SqlStore",
      workspaces_enabled: server.hasWorkspaces,
      trace_archival_enabled: false,
      multipart_uploads_enabled: false,
      multipart_downloads_enabled: false,
      presigned_upload_run_id_supported: true,
      presigned_upload_model_id_supported: true,
      features_enabled: { gateway: true },
    },
  };
}

function list({ server }: Call): Reply {
  const workspaces = [...server.stores.keys()].map((name) =>
    name === "default" ? { name, description: "Default workspace for legacy resources" } : { name }
  );
  return { json: { workspaces } };
}

function create({ server, input }: Call): Reply {
  const name = required(input, "name");
  if (server.stores.has(name)) {
    throw new MlflowError(
      "RESOURCE_ALREADY_EXISTS",
      `Workspace '${name}' already exists. Error: (sqlite3.IntegrityError) UNIQUE constraint failed`,
    );
  }
  server.addStore(name);
  return { json: { workspace: { name } }, status: 201 };
}

/** What is served without a sign-in. */
export const OPEN_PATHS = ["/health"];

/** What a server says about itself, and its workspaces. */
export const serverCalls: readonly CallRow[] = [
  {
    name: "server.version",
    method: "GET",
    path: "/version",
    effect: "read",
    handler: ({ server }) => html(server.version),
  },
  { name: "server.health", method: "GET", path: "/health", effect: "read", handler: () => html("OK") },
  {
    name: "server.info",
    method: "GET",
    path: "/api/3.0/mlflow/server-info",
    effect: "read",
    since: "3.10",
    handler: info,
  },
  { name: "workspaces.list", method: "GET", path: WORKSPACES, effect: "read", since: "3.10", handler: list },
  {
    name: "workspaces.create",
    method: "POST",
    path: WORKSPACES,
    effect: "write",
    since: "3.10",
    handler: create,
  },
];
