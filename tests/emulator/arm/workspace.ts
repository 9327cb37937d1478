import { type Context, json, type Reply } from "../router.ts";

/** GET of the workspace resource (Azure ML ARM, recorded answer, plus the fields of its published schema). */
export function getWorkspace(context: Context): Reply {
  const { facts, armPath } = context.workspace;
  const api = apiBase(context);
  const provider = `/subscriptions/${facts.subscription}/resourceGroups/${facts.resourceGroup}/providers`;
  return json({
    id: armPath,
    name: facts.name,
    type: "Microsoft.MachineLearningServices/workspaces",
    location: facts.region,
    tags: {},
    etag: null,
    kind: "Default",
    sku: { name: "Basic", tier: "Basic" },
    identity: {
      type: "SystemAssigned",
      principalId: facts.guid,
      tenantId: facts.tenant,
      userAssignedIdentities: null,
    },
    properties: {
      friendlyName: facts.name,
      description: "",
      storageAccount: `${provider}/Microsoft.Storage/storageAccounts/${facts.account}`,
      keyVault: `${provider}/Microsoft.Keyvault/vaults/kv${facts.account}`,
      applicationInsights: null,
      containerRegistry: null,
      hbiWorkspace: false,
      tenantId: facts.tenant,
      imageBuildCompute: null,
      provisioningState: "Succeeded",
      v1LegacyMode: false,
      softDeleteEnabled: false,
      storageHnsEnabled: false,
      workspaceId: facts.guid,
      privateLinkCount: 0,
      publicNetworkAccess: "Enabled",
      discoveryUrl: `${api}/discovery`,
      mlFlowTrackingUri: `azureml://${new URL(api).host}/mlflow/v1.0${armPath}`,
      systemDatastoresAuthMode: "AccessKey",
    },
    systemData: {
      createdAt: "2024-04-19T21:40:36.1575562+00:00",
      createdBy: "Azml Tester",
      createdByType: "User",
    },
  });
}

/** Base of the data plane as a caller can reach it: the same port, or the real name behind `CONNECT`. */
export function apiBase(context: Context): string {
  const { hostname } = context.url;
  const real = hostname.endsWith(".azure.com") || hostname.endsWith(".azureml.ms");
  return real ? `https://${context.workspace.facts.region}.api.azureml.ms` : context.base;
}
