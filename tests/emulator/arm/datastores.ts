import type { JsonObject } from "../../../src/records/json.ts";
import { isJsonObject } from "../../../src/records/json.ts";
import { badRequest, ServiceError } from "../errors.ts";
import { bodyObject, type Context, empty, json, type Reply } from "../router.ts";
import type { Datastore } from "../state.ts";
import { armPage } from "./paging.ts";
import { madeNow, resource } from "./resource.ts";

/** GET of the list: `isDefault`, `names` (comma list), `searchText`, `count`. */
export function listDatastores(context: Context): Reply {
  const { query } = context;
  const isDefault = query.get("isDefault");
  const names = query.get("names")?.split(",").map((name) => name.trim()) ?? [];
  const search = query.get("searchText") ?? "";
  const stores = [...context.workspace.datastores.values()].filter((store) =>
    (isDefault === null || String(store.properties.isDefault === true) === isDefault.toLowerCase()) &&
    (names.length === 0 || names.includes(store.name)) && store.name.includes(search)
  );
  return armPage(context, stores, (store) => view(context, store), Number(query.get("count") ?? 30));
}

/** GET of one datastore. */
export function getDatastore(context: Context): Reply {
  return json(view(context, find(context)));
}

/** PUT: secrets that came are kept out of the answer. */
export function putDatastore(context: Context): Reply {
  const { name = "" } = context.params;
  const sent = bodyObject(context).properties;
  if (!isJsonObject(sent)) throw badRequest("The datastore has no properties.");
  const known = context.workspace.datastores.get(name);
  const credentials = isJsonObject(sent.credentials) ? sent.credentials : {};
  const kind = credentialKinds.find((word) => word === credentials.credentialsType) ?? "None";
  const { facts } = context.workspace;
  const store: Datastore = {
    name,
    type: String(sent.datastoreType ?? "AzureBlob"),
    account: typeof sent.accountName === "string" ? sent.accountName : null,
    container:
      [sent.containerName, sent.filesystem, sent.fileShareName].find((item) => typeof item === "string") ??
        null,
    credentials: kind,
    properties: {
      description: null,
      tags: null,
      properties: null,
      isDefault: false,
      subscriptionId: facts.subscription,
      resourceGroup: facts.resourceGroup,
      endpoint: "core.windows.net",
      protocol: "https",
      serviceDataAccessAuthIdentity: "None",
      ...sent,
      credentials: withoutSecrets(credentials, kind),
    },
    systemData: known?.systemData ?? madeNow(context),
  };
  context.workspace.datastores.set(name, store);
  return json(view(context, store), known === undefined ? 201 : 200);
}

/** DELETE: 200, or 204 when it was not there. */
export function deleteDatastore(context: Context): Reply {
  return empty(context.workspace.datastores.delete(context.params.name ?? "") ? 200 : 204);
}

/**
 * POST listSecrets: a SAS when `expirableSecret` is asked for (or the settings say so, or the store holds a SAS), else
 * the account key; 400 for a store without a secret.
 */
export function listSecrets(context: Context): Reply {
  const store = find(context);
  const { storage } = context.workspace;
  if (store.credentials !== "AccountKey" && store.credentials !== "Sas") {
    throw new ServiceError({
      status: 400,
      code: "UserError",
      inner: ["BadArgument", "NoSecrets"],
      message:
        `Datastore ${store.name} has credentials of type ${store.credentials}: there is no secret to list.`,
    });
  }
  const sas = context.settings.alwaysSas || store.credentials === "Sas" ||
    bodyObject(context).expirableSecret === true;
  if (sas && store.container !== null) {
    return json({ secretsType: "Sas", sasToken: storage.containerSas(store.container, "racwdl") });
  }
  return json({ secretsType: "AccountKey", key: storage.key });
}

const credentialKinds = ["AccountKey", "Sas", "ServicePrincipal", "Certificate", "None"] as const;

function withoutSecrets(credentials: JsonObject, kind: string): JsonObject {
  const { secrets: _secrets, ...rest } = credentials;
  return { ...rest, credentialsType: kind };
}

function find(context: Context): Datastore {
  const { name = "" } = context.params;
  const store = context.workspace.datastores.get(name);
  if (store !== undefined) return store;
  throw new ServiceError({
    status: 404,
    code: "UserError",
    inner: ["NotFound", "DatastoreNotFound"],
    message: `Could not find datastore: ${name}.`,
  });
}

function view(context: Context, store: Datastore): JsonObject {
  const { properties, systemData } = store;
  const shown = { intellectualProperty: null, ...properties, datastoreType: store.type };
  return resource(context, { path: `datastores/${store.name}`, properties: shown, systemData });
}
