import type { JsonObject } from "../../../src/records/json.ts";

/** `systemData` of an ARM resource. `createdBy` is a display name. */
export interface SystemData {
  readonly createdAt: string;
  readonly createdBy: string;
  lastModifiedAt: string;
}

/**
 * What ARM keeps of a job. Status, tags, names and archiving are those of the run with the same id: run history is
 * where they live, ARM shows them.
 */
export interface ArmJob {
  readonly name: string;
  /** The PUT `properties` with the service's additions; shared between generated jobs, so replace it, never change it. */
  definition: JsonObject;
  /** `listed`: in the job list. `child`: GET answers without `properties`. `unsupported`: GET says JobNotSupported. */
  readonly access: "listed" | "child" | "unsupported";
  readonly systemData: SystemData;
}

/** Kinds of versioned assets, as their ARM collection is called. */
export type AssetKind = "components" | "environments" | "data" | "models" | "codes";

/** One version of an asset. */
export interface Asset {
  readonly kind: AssetKind;
  readonly name: string;
  readonly version: string;
  properties: JsonObject;
  readonly systemData: SystemData;
}

/** The key of an asset version. */
export function assetKey(kind: AssetKind, name: string, version: string): string {
  return `${kind}\n${name}\n${version}`;
}

/** A datastore: ARM `properties` as answered, and the secret that `listSecrets` may give. */
export interface Datastore {
  readonly name: string;
  /** `AzureBlob`, `AzureDataLakeGen2`, `AzureFile` ... */
  readonly type: string;
  readonly account: string | null;
  /** Blob container, file system or file share. */
  readonly container: string | null;
  readonly credentials: "AccountKey" | "Sas" | "ServicePrincipal" | "Certificate" | "None";
  properties: JsonObject;
  readonly systemData: SystemData;
}
