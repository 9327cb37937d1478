import type { Azure } from "../azure/connect_azure.ts";
import type { WorkspaceConfig } from "../azure/connect_config.ts";
import type { RecordStores } from "../azure/connect_stores.ts";
import { azureDeps, type EndpointDeps } from "./process_wiring.ts";

/** The stores of Azure that a config may open. Its requests settle: they are a target's. */
export async function recordStores(config: WorkspaceConfig, deps: EndpointDeps): Promise<RecordStores> {
  const { createRecordStores } = await import("../azure/connect_stores.ts");
  return createRecordStores(config, await azureFor(config, deps));
}

/** The cloud and sign-in of a config; `signal` aborts requests, too. Throws `Failure`. */
export async function azureFor(
  config: WorkspaceConfig,
  deps: EndpointDeps,
  signal?: AbortSignal,
): Promise<Azure> {
  const { openAzure } = await import("../azure/connect_azure.ts");
  return await openAzure(config, azureDeps(deps, signal));
}
