import type { Datastore, WorkspaceFacts } from "../state.ts";
import { serviceTime } from "../state/clock.ts";
import { ARTIFACT_STORE } from "../state/artifact.ts";
import type { ScenarioWorkspace } from "./schema.ts";

/** The four datastores that every workspace has (Azure ML ARM, recorded), and those that a scenario adds. */
export function builtInDatastores(
  facts: WorkspaceFacts,
  more: NonNullable<ScenarioWorkspace["datastores"]>,
): Datastore[] {
  const own = [
    blob(facts, "workspaceblobstore", `azureml-blobstore-${facts.guid}`, "AzureBlob", "AccountKey", true),
    blob(facts, ARTIFACT_STORE.datastore, ARTIFACT_STORE.container),
    blob(facts, "workspaceworkingdirectory", `code-${facts.guid}`, "AzureFile"),
    blob(facts, "workspacefilestore", `azureml-filestore-${facts.guid}`, "AzureFile"),
  ];
  return [
    ...own,
    ...more.map(({ name, container, type, credentials }) => blob(facts, name, container, type, credentials)),
  ];
}

function blob(
  facts: WorkspaceFacts,
  name: string,
  container: string,
  type = "AzureBlob",
  credentials: Datastore["credentials"] = "AccountKey",
  isDefault = false,
): Datastore {
  const made = serviceTime(Date.UTC(2024, 0, 1));
  const place = type === "AzureFile"
    ? { fileShareName: container }
    : type === "AzureDataLakeGen2"
    ? { filesystem: container }
    : { containerName: container };
  return {
    name,
    type,
    account: facts.account,
    container,
    credentials,
    properties: {
      description: null,
      tags: null,
      properties: null,
      isDefault,
      credentials: { credentialsType: credentials },
      intellectualProperty: null,
      subscriptionId: facts.subscription,
      resourceGroup: facts.resourceGroup,
      datastoreType: type,
      accountName: facts.account,
      ...place,
      endpoint: "core.windows.net",
      protocol: "https",
      serviceDataAccessAuthIdentity: credentials === "None" ? "None" : "WorkspaceSystemAssignedIdentity",
    },
    systemData: { createdAt: made, createdBy: "Azml Tester", lastModifiedAt: made },
  };
}
