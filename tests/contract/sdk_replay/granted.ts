import { isJsonObject, type JsonObject } from "../../../src/records/json.ts";
import type { AssetKind, WorkspaceState } from "../../emulator/state.ts";
import type { Operation, SdkRequest } from "./operation.ts";

/** Something in the workspace that a client read before it was written: it must have been there. */
interface Granted {
  readonly pattern: RegExp;
  /** Makes it; `names` are the groups of the pattern, `later` what the operation itself puts there afterwards. */
  readonly make: (workspace: WorkspaceState, names: readonly string[], later: JsonObject | null) => void;
}

const GRANTED: readonly Granted[] = [
  { pattern: /\/jobs\/([\w-]+)(?:\/cancel)?$/, make: (workspace, [name = ""]) => makeJob(workspace, name) },
  {
    pattern: /\/history\/.*\/runs\/([a-z][\w-]*)$/,
    make: (workspace, [name = ""]) => makeJob(workspace, name),
  },
  {
    pattern: /\/(components|environments|data|models|codes)\/([\w-]+)(?:\/versions\/([\w.-]+))?$/,
    make: makeAsset,
  },
  {
    pattern: /\/registered-models\/get\?(\w+)$/,
    make: (workspace, [name = ""]) => makeAsset(workspace, ["models", name], null),
  },
];

/** Jobs, assets and models that an operation finds there, judged by what the client did with the recorder's answers. */
export function makeGranted(operation: Operation, workspace: WorkspaceState): void {
  const written = new Set<string>();
  for (const request of operation.requests) {
    const path = pathOf(request);
    if (request.method === "PUT") written.add(path);
    if (request.method === "PUT" || request.answer_status_given >= 300 || written.has(path)) continue;
    for (const { pattern, make } of GRANTED) {
      const match = pattern.exec(path);
      if (match !== null && !isCreated(operation, request)) {
        make(workspace, match.slice(1), putLater(operation, request.path));
      }
    }
  }
}

function pathOf({ path, query }: SdkRequest): string {
  return path.endsWith("/registered-models/get") ? `${path}?${query?.name ?? ""}` : path;
}

function isCreated(operation: Operation, request: SdkRequest): boolean {
  return request.path.includes("/registered-models/") &&
    operation.requests.some(({ path }) => path.endsWith("/registered-models/create"));
}

function makeJob(workspace: WorkspaceState, name: string): void {
  if (workspace.jobs.has(name)) return;
  const { experimentId } = workspace.ensureExperiment("exp1");
  if (!workspace.runs.has(name)) {
    workspace.addRun({ runId: name, experimentId, status: "Completed", displayName: name });
  }
  workspace.jobs.set(name, {
    name,
    definition: {
      jobType: "Command",
      command: "echo hi",
      environmentId: "azureml:e:1",
      tags: {},
      properties: {},
    },
    access: "listed",
    systemData: madeLong(),
  });
}

const KINDS: readonly AssetKind[] = ["components", "environments", "data", "models", "codes"];

function makeAsset(workspace: WorkspaceState, names: readonly string[], later: JsonObject | null): void {
  const [word = "", name = "", version = "1"] = names;
  const kind = KINDS.find((one) => one === word);
  const known = [...workspace.assets.values()].some((asset) => asset.kind === kind && asset.name === name);
  if (kind === undefined || known) return;
  const blank = {
    dataType: "uri_folder",
    dataUri: "azureml://datastores/workspaceblobstore/paths/x/",
    flavors: {},
  };
  workspace.putAsset({ kind, name, version, properties: { ...blank, ...later }, systemData: madeLong() });
}

/** The `properties` of a PUT to the same path: an edit repeats what is there. */
function putLater(operation: Operation, path: string): JsonObject | null {
  const put = operation.requests.find((request) => request.method === "PUT" && request.path === path);
  const properties = isJsonObject(put?.body) ? put.body.properties : undefined;
  return isJsonObject(properties) ? { ...properties, isArchived: false } : null;
}

function madeLong(): { createdAt: string; createdBy: string; lastModifiedAt: string } {
  const made = "2024-01-01T00:00:00.0000000+00:00";
  return { createdAt: made, createdBy: "Azml Tester", lastModifiedAt: made };
}

/** Puts jobs and assets back to what they were when this was made, so that operations do not see each other's. */
export function restorer(workspace: WorkspaceState): () => void {
  const jobs = [...workspace.jobs];
  const assets = [...workspace.assets];
  return () => {
    workspace.jobs.clear();
    for (const [name, job] of jobs) workspace.jobs.set(name, job);
    workspace.assets.clear();
    for (const [key, asset] of assets) workspace.assets.set(key, asset);
  };
}
