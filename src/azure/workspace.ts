import type { BlobContainer } from "../blob/container.ts";
import type { Wire } from "../wire/wire.ts";

/** The names of a workspace, as a config or an ARM id gives them. */
export interface WorkspaceNames {
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly workspace: string;
}

/** A datastore, and how to open its container. */
export interface Datastore {
  readonly name: string;
  /** The service's word: `AzureBlob`, `AzureDataLakeGen2`, `AzureFile` ... */
  readonly type: string;
  readonly account: string;
  readonly container: string;
  /** Base URL of the blob service of its account. */
  readonly endpoint: string;
}

/** An Azure ML workspace that was found and can be spoken to. */
export interface Workspace {
  /** `azureml://subscriptions/<s>/resourceGroups/<rg>/workspaces/<ws>`, or the config's `source_id`. */
  readonly id: string;
  readonly names: WorkspaceNames;
  /** `/subscriptions/<s>/resourceGroups/<rg>/providers/Microsoft.MachineLearningServices/workspaces/<ws>`. */
  readonly armPath: string;
  /** Base URL of ARM. */
  readonly arm: string;
  /** Base URL of the data plane, as discovery named it. */
  readonly api: string;
  readonly tenant: string | null;
  readonly wire: Wire;
  /** Asked once per name and kept; throws `Failure` when it is not there. */
  datastore(name: string): Promise<Datastore>;
  /** Name of the default datastore. */
  defaultDatastore(): Promise<string>;
  /** Opens the container of a blob datastore: key or SAS of `listSecrets`, else sign-in. */
  container(datastore: string): Promise<BlobContainer>;
  /** Bytes that went through blob copies so far. */
  bytes(): number;
}
