import type { JsonValue } from "../../../src/records/json.ts";
import type { Job } from "./job.ts";

/** Jobs that need no token: the cloud document of ARM and the discovery document of the data plane. */
export function cloudResolver(): (request: Request, url: URL) => Job | null {
  return (request, url) => {
    const path = url.pathname.toLowerCase().replace(/\/$/, "");
    const document = request.method === "GET" ? documents[path] : undefined;
    if (document === undefined) return null;
    return {
      route: `cloud${path.replaceAll("/", ".")}`,
      effect: "read",
      workspace: null,
      perform: () => Promise.resolve(Response.json(document(url.origin))),
      refuse: ({ status, message, headers }) =>
        Response.json({ error: { code: "ServiceError", message } }, { status, headers: { ...headers } }),
    };
  };
}

const documents: Record<string, (base: string) => JsonValue> = {
  "/metadata/endpoints": (base) => [{
    name: "AzureLoopback",
    portal: "https://portal.azure.com/",
    resourceManager: base,
    graph: "https://graph.microsoft.com/",
    gallery: "https://gallery.azure.com/",
    media: "https://rest.media.azure.net",
    authentication: {
      loginEndpoint: "https://login.microsoftonline.com",
      audiences: [base],
      tenant: "common",
      identityProvider: "AAD",
    },
    suffixes: {
      storage: "core.windows.net",
      keyVaultDns: "vault.azure.net",
      sqlServerHostname: "database.windows.net",
      acrLoginServer: "azurecr.io",
    },
  }],
  "/discovery": (base) => ({
    api: base,
    catalog: "https://catalog.cortanaanalytics.com",
    experimentation: base,
    gallery: "https://gallery.cortanaintelligence.com/project",
    history: base,
    hyperdrive: base,
    labeling: base,
    modelmanagement: base,
    pipelines: "https://eastus.aether.ms",
    studio: "https://ml.azure.com",
  }),
};
