import type { BlobContainer, BlobMeter, ContainerCredential } from "../blob/open.ts";
import { Failure } from "../records/failure.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../records/json.ts";
import { ROUTES } from "../wire/routes.ts";
import type { Wire } from "../wire/wire.ts";
import { type Azure, isAccount } from "./connect_azure.ts";
import { objectAt, objectsAt, textAt } from "./json_fields.ts";
import type { Datastore } from "./workspace.ts";

/** The datastores of one workspace; the answers of ARM are kept. */
export interface Datastores {
  /** Throws `Failure` when it is not there or holds no blobs. */
  get(name: string): Promise<Datastore>;
  defaultName(): Promise<string>;
  /**
   * Opens the container of a datastore, once for each: ask again for each use instead of keeping it, because a SAS
   * ends some day and a new one is then asked for.
   */
  container(name: string): Promise<BlobContainer>;
}

/** Where datastores are asked for, and how their stores are opened. */
export interface DatastoresOptions {
  readonly azure: Azure;
  readonly wire: Wire;
  readonly armPath: string;
  readonly tenant: string | null;
  readonly meter: BlobMeter;
  readonly now: () => number;
}

interface Found extends Datastore {
  /** `AccountKey`, `Sas`, `None`, `ServicePrincipal`, `Certificate`. */
  readonly credentials: string;
}

interface Opened {
  readonly container: BlobContainer;
  /** When its SAS ends, in milliseconds since the epoch. */
  readonly until: number;
}

/** Credentials that `listSecrets` has a secret for; all others mean sign-in (as azure-ai-ml reads them). */
const WITH_SECRET = new Set(["accountkey", "sas"]);

/** A SAS is not used any more when it ends within this time. */
const MARGIN_MS = 10 * 60_000;

/** Makes {@linkcode Datastores}. */
export function createDatastores(options: DatastoresOptions): Datastores {
  const found = new Map<string, Promise<Found>>();
  const opened = new Map<string, Promise<Opened>>();
  let byDefault: Promise<string> | undefined;
  const find = (name: string) => kept(found, name, () => findDatastore(options, name));
  return {
    get: find,
    defaultName() {
      byDefault ??= findDefault(options);
      byDefault.catch(() => byDefault = undefined);
      return byDefault;
    },
    async container(name) {
      const before = await opened.get(name);
      if (before !== undefined && before.until - MARGIN_MS <= options.now()) opened.delete(name);
      const open = await kept(opened, name, async () => await openStore(options, await find(name)));
      return open.container;
    },
  };
}

/** What a key was asked for once; a failure is not kept. */
function kept<T>(known: Map<string, Promise<T>>, key: string, ask: () => Promise<T>): Promise<T> {
  const before = known.get(key);
  if (before !== undefined) return before;
  const asked = ask();
  known.set(key, asked);
  asked.catch(() => known.delete(key));
  return asked;
}

async function findDatastore({ azure, wire, armPath }: DatastoresOptions, name: string): Promise<Found> {
  const { body } = await wire.send({
    route: ROUTES.arm.datastore,
    base: azure.cloud.arm,
    vars: { ws: armPath, name },
  });
  const properties = propertiesOf(body);
  const account = textAt(properties, "accountName");
  const container = textAt(properties, "containerName") ?? textAt(properties, "filesystem");
  const type = textAt(properties, "datastoreType") ?? "";
  if (account === null || container === null || !isAccount(account)) {
    throw new Failure(`datastore ${name} is of type ${type || "unknown"} and holds no blobs`, {
      code: "datastore_without_blobs",
      reach: "record",
      retryable: false,
      hint: "azml copies from blob and data lake storage alone",
    });
  }
  const credentials = textAt(objectAt(properties, "credentials"), "credentialsType") ?? "None";
  return { name, type, account, container, endpoint: azure.blobEndpoint(account), credentials };
}

async function findDefault({ azure, wire, armPath }: DatastoresOptions): Promise<string> {
  const { body } = await wire.send({
    route: ROUTES.arm.datastores,
    base: azure.cloud.arm,
    vars: { ws: armPath },
    query: { count: 30, isDefault: true },
  });
  const stores = objectsAt(isJsonObject(body) ? body : null, "value");
  const store = stores.find((one) => objectAt(one, "properties")?.isDefault === true) ?? stores[0];
  return textAt(store ?? null, "name") ?? "workspaceblobstore";
}

async function openStore(options: DatastoresOptions, store: Found): Promise<Opened> {
  const secret = WITH_SECRET.has(store.credentials.toLowerCase()) ? await askSecret(options, store) : null;
  const credential = secret ?? signedIn(options);
  const { openContainer } = await import("../blob/open.ts");
  const where = { endpoint: store.endpoint, container: store.container };
  return {
    container: await openContainer(where, credential, options.meter),
    until: credential.kind === "sas" ? sasEnd(credential.sas) : Infinity,
  };
}

/** A key or a SAS; null when the service has none for us, which then means sign-in. */
async function askSecret(
  { azure, wire, armPath }: DatastoresOptions,
  store: Found,
): Promise<ContainerCredential | null> {
  try {
    const { body } = await wire.send({
      route: ROUTES.arm.datastoreSecrets,
      base: azure.cloud.arm,
      vars: { ws: armPath, name: store.name },
    });
    const secrets = isJsonObject(body) ? body : null;
    const key = textAt(secrets, "key");
    if (key !== null) return { kind: "key", account: store.account, key };
    const sas = textAt(secrets, "sasToken");
    return sas === null ? null : { kind: "sas", sas: sas.replace(/^\?/, "") };
  } catch (error) {
    const refused = error instanceof Failure && error.facts.reach === "record";
    if (refused) return null;
    throw error;
  }
}

function signedIn({ azure, tenant }: DatastoresOptions): ContainerCredential {
  return { kind: "token", getToken: () => azure.storageToken(tenant) };
}

function sasEnd(sas: string): number {
  const end = Date.parse(new URLSearchParams(sas).get("se") ?? "");
  return Number.isNaN(end) ? Infinity : end;
}

function propertiesOf(body: JsonValue): JsonObject | null {
  return objectAt(isJsonObject(body) ? body : null, "properties");
}
