import type { AssetKind, WorkspaceState } from "../state.ts";

/** What an asset id names. */
export interface AssetName {
  readonly name: string;
  readonly version: string;
}

/**
 * Name and version in an asset id of a kind: `azureml://locations/<region>/workspaces/<guid>/data/<n>/versions/<v>`,
 * `azureml:<n>:<v>` or an ARM id. Null for anything else.
 */
export function parseAssetId(id: string, kind: AssetKind): AssetName | null {
  const long = new RegExp(`/${kind}/([^/]+)/versions/([^/]+)$`, "i").exec(id);
  const short = /^azureml:([^:/]+):([^:/]+)$/.exec(id);
  const [, name, version] = long ?? short ?? [];
  return name === undefined || version === undefined ? null : { name, version };
}

/** The asset id of a version, in the form that run outputs carry. */
export function assetId(workspace: WorkspaceState, kind: AssetKind, { name, version }: AssetName): string {
  const { region, guid } = workspace.facts;
  return `azureml://locations/${region}/workspaces/${guid}/${kind}/${name}/versions/${version}`;
}
