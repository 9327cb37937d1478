import type { WorkspaceNames } from "./workspace.ts";

/** A workspace as a text names it, and the data plane's host where the text was a tracking URI. */
export interface NamedWorkspace {
  readonly names: WorkspaceNames;
  readonly host: string | null;
}

const PROVIDER = "Microsoft.MachineLearningServices";

/** `azureml://[<host>/mlflow/v<n>.0]/subscriptions/...`, the ARM id, or azml's own id. Segments match in any case. */
const FORM =
  /^(?:azureml:\/\/(?:([^/]+)\/mlflow\/v[\d.]+)?)?\/?subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/(?:providers\/Microsoft\.MachineLearningServices\/)?workspaces\/([^/]+)\/?$/i;

/**
 * Reads `azureml://subscriptions/<s>/resourceGroups/<rg>/workspaces/<ws>`, the ARM id of a workspace, or its tracking
 * URI (`azureml://<host>/mlflow/v1.0/subscriptions/...`); null for anything else.
 */
export function parseWorkspaceId(text: string): NamedWorkspace | null {
  const [, host, subscription, resourceGroup, workspace] = FORM.exec(text) ?? [];
  if (subscription === undefined || resourceGroup === undefined || workspace === undefined) return null;
  if (![subscription, resourceGroup, workspace].every(isName)) return null;
  return { names: { subscription, resourceGroup, workspace }, host: host ?? null };
}

/** Whether a name can stand in a path as it is: no separators, no escapes, no dots that climb. */
export function isName(name: string): boolean {
  return /^[^/\\?#%\s]+$/.test(name) && !/^\.+$/.test(name);
}

/** The `source` of records of a workspace. */
export function workspaceId({ subscription, resourceGroup, workspace }: WorkspaceNames): string {
  return `azureml://subscriptions/${subscription}/resourceGroups/${resourceGroup}/workspaces/${workspace}`;
}

/** The path of a workspace in ARM, which is also part of every path of the data plane. */
export function armPathOf({ subscription, resourceGroup, workspace }: WorkspaceNames): string {
  const group = `/subscriptions/${subscription}/resourceGroups/${resourceGroup}`;
  return `${group}/providers/${PROVIDER}/workspaces/${workspace}`;
}
