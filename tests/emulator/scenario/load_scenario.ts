import type { AzuriteStorage } from "../azurite/azurite_storage.ts";
import { WorkspaceState } from "../state.ts";
import { serviceTime } from "../state/clock.ts";
import { addRuns, type PendingBlob } from "./add_runs.ts";
import { builtInDatastores } from "./built_in_datastores.ts";
import { generateRuns, type SeedBlob } from "./generate_runs.ts";
import type { Scenario, ScenarioWorkspace } from "./schema.ts";

/** A workspace as loaded, and the bytes that its storage account still needs. */
export interface Loaded {
  readonly workspace: WorkspaceState;
  /** Written one by one. */
  readonly blobs: readonly PendingBlob[];
  /** Small blobs put from inside Azurite, by the thousand. */
  readonly seeds: readonly SeedBlob[];
  readonly containers: readonly string[];
}

/** Makes the state that a scenario describes. No bytes move yet. Throws when a run names what is not there. */
export function loadScenario(scenario: Scenario, storages: ReadonlyMap<string, AzuriteStorage>): Loaded[] {
  return scenario.workspaces.map((described) => {
    const storage = storages.get(described.account);
    if (storage === undefined) throw new Error(`no storage account ${described.account}`);
    return loadWorkspace(described, storage);
  });
}

function loadWorkspace(described: ScenarioWorkspace, storage: AzuriteStorage): Loaded {
  const { key, subscription, resource_group: resourceGroup, name, guid, region, tenant, account } = described;
  const facts = { key, subscription, resourceGroup, name, guid, region, tenant, account };
  const workspace = new WorkspaceState(facts, storage);
  for (const store of builtInDatastores(facts, described.datastores ?? [])) {
    workspace.datastores.set(store.name, store);
  }
  for (const { name, description, tags, archived } of described.experiments ?? []) {
    const experiment = workspace.ensureExperiment(name);
    experiment.description = description ?? null;
    experiment.tags = { ...tags };
    experiment.archived = archived ?? false;
  }
  for (const asset of described.assets ?? []) {
    const made = serviceTime(Date.UTC(2024, 0, 1));
    const systemData = { createdAt: made, createdBy: "Azml Tester", lastModifiedAt: made };
    workspace.putAsset({ ...asset, systemData });
  }
  const blobs = addRuns(workspace, described.runs ?? []);
  const seeds = described.generate === undefined ? [] : generateRuns(workspace, described.generate);
  const containers = new Set<string>();
  for (const { type, container } of workspace.datastores.values()) {
    if (container !== null && type !== "AzureFile") containers.add(container);
  }
  return { workspace, blobs, seeds, containers: [...containers] };
}
