/** How to sign in to a server. Secret. */
export type MlflowAuth =
  | { readonly kind: "none" }
  | { readonly kind: "basic"; readonly username: string; readonly password: string }
  | { readonly kind: "token"; readonly token: string }
  /** Read when it is needed, and anew after a 401: others keep it fresh. */
  | { readonly kind: "token_file"; readonly path: string };

/** What a config (or an address alone), with the variables that it names, says of an MLflow server. Holds secrets. */
export interface MlflowConfig {
  readonly kind: "mlflow";
  /** File (or address without credentials) that it came from, for messages. */
  readonly from: string;
  /** Tracking server: scheme, host and path, without trailing slash and credentials. */
  readonly address: string;
  /** Model registry where that is another server; null for the tracking server itself. */
  readonly registry: string | null;
  /** MLflow workspace; `at` tells the place in the config (`source.json:3`), null for `MLFLOW_WORKSPACE`. */
  readonly workspace: { readonly name: string; readonly at: string | null } | null;
  readonly auth: MlflowAuth;
  /** Headers that go with every request, by name. */
  readonly headers: Readonly<Record<string, string>>;
  /** File with the certificates of authorities to trust. */
  readonly caFile: string | null;
  /** Whether any certificate will do (`MLFLOW_TRACKING_INSECURE_TLS`). */
  readonly insecureTls: boolean;
  /** The name under which this side is known in records and target names. */
  readonly sourceId: string | null;
}
