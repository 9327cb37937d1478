import type { BlobContainer } from "../blob/container.ts";
import type { StoreRef } from "../records/artifacts.ts";
import { Failure } from "../records/failure.ts";
import type { Azure } from "./connect_azure.ts";
import type { WorkspaceConfig } from "./connect_config.ts";
import { createDatastores, type Datastores } from "./datastores.ts";
import type { WorkspaceNames } from "./workspace.ts";
import { armPathOf, parseWorkspaceId, workspaceId } from "./workspace_id.ts";

/** Opens stores that records name. Records are data and may come from anybody, so ARM is asked where a store is. */
export interface RecordStores {
  /** Whether the store belongs to the workspace of the config itself. */
  owns(ref: StoreRef): boolean;
  /** Throws `Failure` (record) when the store is not of the config's cloud or not named by workspace and datastore. */
  open(ref: StoreRef): Promise<BlobContainer>;
}

/** Where a store is, once it has been checked. */
interface Place {
  readonly names: WorkspaceNames;
  readonly datastore: string;
  readonly tenant: string | null;
}

/**
 * Stores opened with a config's kind of credential and its endpoints, in the tenant that the record names. Which
 * account and container that is, ARM of the config's cloud says; the address in the record is only checked, never
 * spoken to. Containers are kept by workspace and datastore.
 */
export function createRecordStores(config: WorkspaceConfig, azure: Azure): RecordStores {
  const known = new Map<string, Datastores>();
  const own = workspaceId(config.names).toLowerCase();
  const isOwn = (names: WorkspaceNames) => workspaceId(names).toLowerCase() === own;
  const owns = (ref: StoreRef) => {
    const names = parseWorkspaceId(ref.workspace ?? "")?.names;
    return names !== undefined && isOwn(names);
  };
  const datastoresOf = ({ names, tenant }: Place): Datastores => {
    const key = `${workspaceId(names).toLowerCase()}\n${tenant ?? ""}`;
    const datastores = known.get(key) ?? createDatastores({
      azure,
      wire: azure.wire(tenant),
      armPath: armPathOf(names),
      tenant,
      meter: { bytes: 0, calls: 0, told: azure.told },
      now: () => Date.now(),
    });
    known.set(key, datastores);
    return datastores;
  };
  return {
    owns,
    async open(ref) {
      const place = placeOf(ref, azure);
      const tenant = isOwn(place.names) ? config.tenant ?? place.tenant : place.tenant ?? config.tenant;
      return await datastoresOf({ ...place, tenant }).container(place.datastore);
    },
  };
}

function placeOf(ref: StoreRef, azure: Azure): Place {
  if (ref.kind !== "azure-blob") throw refusal(ref, `is of kind ${ref.kind}`);
  if (ref.endpoint && !azure.isBlobEndpoint(ref.endpoint)) {
    throw refusal(ref, `is at ${hostOf(ref.endpoint)}, which is not of the config's cloud`);
  }
  const named = parseWorkspaceId(ref.workspace ?? "");
  if (named === null || !ref.datastore) throw refusal(ref, "does not name its workspace and datastore");
  return { names: named.names, datastore: ref.datastore, tenant: ref.tenant ?? null };
}

function hostOf(endpoint: string): string {
  return URL.parse(endpoint)?.host ?? "no address";
}

function refusal(ref: StoreRef, why: string): Failure {
  return new Failure(`the store ${ref.container ?? ref.datastore ?? ""} of the record ${why}`, {
    code: "store_not_trusted",
    reach: "record",
    retryable: false,
    hint: "pass --source with a config of the workspace that holds the files, or --no-copy-artifacts",
  });
}
