import type { CredentialKind } from "../wire/sign_in.ts";
import type { WorkspaceNames } from "./workspace.ts";

/** What a config says of an Azure ML workspace. */
export interface WorkspaceConfig {
  readonly kind: "azureml";
  /** File (or argument) that it came from, for messages. */
  readonly from: string;
  readonly names: WorkspaceNames;
  readonly tenant: string | null;
  /** Where `tenant_id` stands (`source.json:5`), for messages. */
  readonly tenantAt?: string;
  /** `AzureCloud`, `AzureUSGovernment`, `AzureChinaCloud`, or the URL of a cloud metadata document. */
  readonly cloud: string;
  readonly credential: CredentialKind;
  /** Where `--as jobs` runs its steps. */
  readonly compute: string | null;
  /** The name under which this side is known in records and target names. */
  readonly sourceId: string | null;
  readonly endpoints: {
    /** Base URL in place of the cloud's ARM. */
    readonly resourceManager: string | null;
    /** URL of the blob service of an account, with `{account}` in it. */
    readonly blob: string | null;
  };
}
