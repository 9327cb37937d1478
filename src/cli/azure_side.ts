import type { WorkspaceConfig } from "../azure/connect_config.ts";
import type { Source, Target } from "../stages/ports.ts";
import { azureFor, recordStores } from "./azure_access.ts";
import type { TargetDeps } from "./endpoints.ts";
import type { EndpointDeps } from "./process_wiring.ts";
import { openRecordStores } from "./record_stores.ts";
import { unlessAborted } from "./unless_aborted.ts";

/** An Azure ML workspace for reading. Throws `Failure`. */
export async function azureSource(config: WorkspaceConfig, deps: EndpointDeps): Promise<Source> {
  const [{ connectWorkspace }, { createAzureSource }, azure] = await Promise.all([
    import("../azure/connect.ts"),
    import("../azure/source.ts"),
    azureFor(config, deps, deps.signal),
  ]);
  const { concurrency, log, signal } = deps;
  const workspace = await connectWorkspace(config, azure, { readOnly: true });
  return createAzureSource(workspace, { concurrency, log, signal });
}

/** An Azure ML workspace for writing. Throws `Failure`. */
export async function azureTarget(config: WorkspaceConfig, deps: TargetDeps): Promise<Target> {
  const [{ connectWorkspace }, { createAzureTarget }, azure] = await Promise.all([
    import("../azure/connect.ts"),
    import("../azure/target.ts"),
    azureFor(config, deps),
  ]);
  const { concurrency, log, signal, dryRun, copyArtifacts } = deps;
  const workspace = await unlessAborted(connectWorkspace(config, azure, { readOnly: dryRun }), signal);
  const stores = await openRecordStores({ azure: await recordStores(config, deps), server: null }, deps);
  return createAzureTarget(workspace, { stores, copyArtifacts, dryRun, concurrency, log, signal });
}
