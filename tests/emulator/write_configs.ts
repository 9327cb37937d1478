import type { WorkspaceState } from "./state.ts";

/** Writes `<key>.json` for each workspace: a config that azml takes as `--source` or `--target`. Answers the paths. */
export async function writeConfigs(
  folder: string,
  url: string,
  workspaces: readonly WorkspaceState[],
): Promise<Record<"a" | "b", string>> {
  await Deno.mkdir(folder, { recursive: true });
  const paths: Record<"a" | "b", string> & Record<string, string> = { a: "", b: "" };
  for (const { facts } of workspaces) {
    const config = {
      subscription_id: facts.subscription,
      resource_group: facts.resourceGroup,
      workspace_name: facts.name,
      tenant_id: facts.tenant,
      credential: "cli",
      endpoints: { resource_manager: url, blob: `${url}/{account}` },
    };
    const path = `${folder}/${facts.key}.json`;
    await Deno.writeTextFile(path, `${JSON.stringify(config, null, 2)}\n`);
    paths[facts.key] = path;
  }
  return paths;
}
