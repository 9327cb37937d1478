import { type Call, type CallRow, NOTHING, type Reply } from "../call.ts";
import { isSince } from "../version.ts";
import { safePath, splitPath } from "./artifact_path.ts";
import { listingJson, noFile } from "./artifacts.ts";
import { fileAnswer } from "./file_answer.ts";

const BASE = "/api/2.0/mlflow-artifacts/artifacts";

/** 503 of a server started with `--no-serve-artifacts`; 3.17 words it anew for reading and writing a file. */
function disabled({ server, vars }: Call, method: string): Response {
  const isNew = isSince(server.version, "3.17") && vars.path !== undefined && method !== "DELETE";
  if (isNew) {
    return Response.json({
      detail: "Artifact serving is disabled. Run `mlflow server` with `--serve-artifacts` to enable.",
    }, { status: 503 });
  }
  const endpoint = vars.path === undefined ? BASE : `${BASE}/<path:artifact_path>`;
  return new Response(
    `Endpoint: ${endpoint} disabled due to the mlflow server running with \`--no-serve-artifacts\`. ` +
      "To enable artifacts server functionality, run `mlflow server` with `--serve-artifacts`",
    { status: 503, headers: { "content-type": "text/html; charset=utf-8" } },
  );
}

function list(call: Call): Reply {
  const { root, path } = splitPath(safePath(call.query.get("path") ?? "").replace(/\/$/, ""));
  return { json: { files: listingJson(call, root, path, "") } };
}

/** Before 3.17 streamed without a length, and `Range` is ignored. */
function read(call: Call): Reply {
  const { root, path } = splitPath(safePath(call.vars.path ?? ""));
  const content = call.store.files.read(root, path);
  if (content === undefined) throw noFile(call, root, path);
  const isNew = isSince(call.server.version, "3.17");
  return fileAnswer(path, content, call.headers.get("range"), {
    name: isNew ? "quoted" : "plain",
    ranges: isNew,
    streamed: !isNew,
  });
}

function write(call: Call): Reply {
  const { root, path } = splitPath(safePath(call.vars.path ?? ""));
  call.store.files.write(root, path, call.bytes);
  if (!isSince(call.server.version, "3.17")) return NOTHING;
  return new Response("", { headers: { "content-type": "application/json" } });
}

function remove(call: Call): Reply {
  const { root, path } = splitPath(safePath(call.vars.path ?? ""));
  call.store.files.remove(root, path);
  return NOTHING;
}

function row(
  name: string,
  method: string,
  effect: "read" | "write",
  handler: (call: Call) => Reply,
  path = `${BASE}/{+path}`,
): CallRow {
  return {
    name: `proxy.${name}`,
    method,
    path,
    effect,
    handler: (call) => call.server.proxies ? handler(call) : disabled(call, method),
  };
}

/** `mlflow-artifacts`: bytes passed on by the server. */
export const proxyCalls: readonly CallRow[] = [
  row("list", "GET", "read", list, BASE),
  row("get", "GET", "read", read),
  row("put", "PUT", "write", write),
  row("delete", "DELETE", "write", remove),
];
