import type * as z from "zod";
import type { MlflowAuth, MlflowConfig } from "../mlflow/config.ts";
import type { mlflowConfigSchema } from "./config_schema.ts";
import { configFailure } from "./config_text.ts";
import { type MlflowAddress, mlflowAddress } from "./mlflow_address.ts";

/** Looks a variable of the environment up. */
export type Env = (name: string) => string | undefined;

/** What a config file says, and where. */
export interface MlflowText {
  readonly file: string;
  readonly fields: z.infer<typeof mlflowConfigSchema>;
  /** As of `ConfigText`. */
  place(key: string): string;
}

/** An MLflow server that is named by its address alone: MLflow's own variables tell the rest. Throws `Failure` (usage). */
export function mlflowOfAddress(text: string, env: Env): MlflowConfig {
  const from = text.replace(/\/\/[^/]*@/, "//");
  return {
    ...ofEnvironment(mlflowAddress(text, `"${from}"`), env),
    from,
    registry: null,
    headers: {},
    sourceId: null,
  };
}

/** An MLflow server as a config file names it; variables that it names are read. Throws `Failure` (usage). */
export function mlflowOfFile({ file, fields, place }: MlflowText, env: Env): MlflowConfig {
  const at = (key: string) => `${place(key)}: "${key}"`;
  const found = mlflowAddress(fields.mlflow_tracking_uri, at("mlflow_tracking_uri"));
  const { mlflow_registry_uri: registry, mlflow_workspace: workspace, auth } = fields;
  if (auth !== undefined && found.user !== null) {
    throw configFailure(
      `${at("auth")} and the credentials in the address exclude each other`,
      "config_bad_value",
    );
  }
  const named = (key: string, name: string) => valueOf(env, name, at(key));
  const around = auth === undefined ? ofEnvironment(found, env) : ofEnvironment(found, withoutSignIn(env));
  return {
    ...around,
    from: file,
    registry: registryOf(registry, found.address, at("mlflow_registry_uri")),
    ...(workspace === undefined ? {} : { workspace: { name: workspace, at: place("mlflow_workspace") } }),
    ...(auth === undefined ? {} : { auth: authOf(auth, file, named) }),
    headers: headersOf(fields.headers_env ?? {}, named),
    ...(fields.ca_file === undefined ? {} : { caFile: beside(file, fields.ca_file), insecureTls: false }),
    sourceId: fields.source_id?.replace(/\/+$/, "") ?? null,
  };
}

function registryOf(text: string | undefined, address: string, where: string): string | null {
  if (text === undefined) return null;
  const registry = mlflowAddress(text, where);
  if (registry.user !== null) {
    throw configFailure(
      `${where} must hold no credentials: those of the tracking server go there, too`,
      "config_bad_value",
    );
  }
  return registry.address === address ? null : registry.address;
}

type AuthFields = NonNullable<MlflowText["fields"]["auth"]>;

function authOf(auth: AuthFields, file: string, named: (key: string, name: string) => string): MlflowAuth {
  if (auth.token_file !== undefined) return { kind: "token_file", path: beside(file, auth.token_file) };
  if (auth.token_env !== undefined) return { kind: "token", token: named("auth.token_env", auth.token_env) };
  return {
    kind: "basic",
    username: named("auth.username_env", auth.username_env ?? ""),
    password: named("auth.password_env", auth.password_env ?? ""),
  };
}

/** Names of headers (RFC 9110, token). */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

function headersOf(
  fields: Readonly<Record<string, string>>,
  named: (key: string, name: string) => string,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).map(([header, variable]) => {
      const value = named(`headers_env.${header}`, variable);
      if (HEADER_NAME.test(header)) return [header, value];
      throw configFailure(
        `"headers_env" names "${header}", which cannot be a header's name`,
        "config_bad_value",
      );
    }),
  );
}

function valueOf(env: Env, name: string, where: string): string {
  const value = env(name)?.trim() ?? "";
  if (value !== "") return value;
  throw configFailure(`${where} names the variable ${name || '""'}, which is not set`, "variable_not_set");
}

/** A path of a config is one beside its file. */
function beside(file: string, path: string): string {
  if (/^(?:[/\\]|[A-Za-z]:[/\\])/.test(path)) return path;
  return file.replace(/[^/\\]*$/, "") + path;
}

const SIGN_IN = new Set(["MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD", "MLFLOW_TRACKING_TOKEN"]);

function withoutSignIn(env: Env): Env {
  return (name) => SIGN_IN.has(name) ? undefined : env(name);
}

/** What MLflow's own variables tell of any server (MLflow's documentation of its tracking client). */
function ofEnvironment(
  { address, user }: MlflowAddress,
  env: Env,
): Pick<MlflowConfig, "kind" | "address" | "workspace" | "auth" | "caFile" | "insecureTls"> {
  const get = (name: string) => env(name)?.trim() || null;
  const workspace = get("MLFLOW_WORKSPACE");
  const insecureTls = /^(?:true|1)$/i.test(get("MLFLOW_TRACKING_INSECURE_TLS") ?? "");
  const caFile = get("MLFLOW_TRACKING_SERVER_CERT_PATH");
  if (insecureTls && caFile !== null) {
    throw configFailure(
      "MLFLOW_TRACKING_INSECURE_TLS and MLFLOW_TRACKING_SERVER_CERT_PATH exclude each other: unset one",
      "bad_environment",
    );
  }
  return {
    kind: "mlflow",
    address,
    workspace: workspace === null ? null : { name: workspace, at: null },
    auth: user === null ? signInOf(get) : { kind: "basic", ...user },
    caFile,
    insecureTls,
  };
}

function signInOf(get: (name: string) => string | null): MlflowAuth {
  const username = get("MLFLOW_TRACKING_USERNAME");
  const password = get("MLFLOW_TRACKING_PASSWORD");
  const token = get("MLFLOW_TRACKING_TOKEN");
  if (username !== null && password !== null) return { kind: "basic", username, password };
  if (token !== null) return { kind: "token", token };
  if (username === null && password === null) return { kind: "none" };
  throw configFailure(
    "of MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD only one is set: set both, or none",
    "bad_environment",
  );
}
