import type * as z from "zod";
import { CLOUDS } from "../azure/clouds.ts";
import type { WorkspaceConfig } from "../azure/connect_config.ts";
import { Failure } from "../records/failure.ts";
import { parseWorkspaceId } from "../azure/workspace_id.ts";
import type { MlflowConfig } from "../mlflow/config.ts";
import { isLoopback } from "../wire/address.ts";
import { configFault } from "./config_fault.ts";
import { type Env, mlflowOfAddress, mlflowOfFile } from "./config_mlflow.ts";
import { mlflowConfigSchema, workspaceConfigSchema } from "./config_schema.ts";
import { configFailure, type ConfigText, parseConfigText } from "./config_text.ts";
import { isForeignUri } from "./mlflow_address.ts";

/** What `--source` or `--target` names. */
export type Side =
  | WorkspaceConfig
  | MlflowConfig
  | { readonly kind: "folder"; readonly path: string };

/** What sides may depend on beside what names them. */
export interface Around {
  readonly dir?: string;
  readonly env?: Env;
}

const NO_ENV: Env = () => undefined;

/** Where a config is looked for when no option names one. */
const USUAL_PLACES = [".azureml/config.json", "config.json"] as const;

/**
 * Reads what `--source` or `--target` names: a config path, a folder, `azureml://subscriptions/...`, the ARM id or
 * tracking URI of a workspace, its address in the studio, an `http(s)://` MLflow URL; null for the usual places below `dir`. `env` tells the
 * variables that MLflow configs name. Throws `Failure` (usage) that says in one line which file, line and key, and
 * what to do.
 */
export async function readSide(arg: string | null, { dir = ".", env = NO_ENV }: Around = {}): Promise<Side> {
  if (arg === null) return await readUsualPlace(dir, env);
  if (isStudio(arg)) return sideOfStudio(arg);
  if (isAzureTracking(arg)) return sideOfId(arg.replace(/^https?:/i, "azureml:"));
  if (/^https?:\/\//i.test(arg) || isForeignUri(arg)) return mlflowOfAddress(arg, env);
  if (/^(?:azureml:\/\/|\/subscriptions\/)/i.test(arg)) return sideOfId(arg);
  if (arg === "") throw configFailure("an empty name names no config", "config_not_found");
  try {
    if ((await Deno.stat(arg)).isDirectory) return { kind: "folder", path: arg };
    return parseConfig(arg, await Deno.readTextFile(arg), env);
  } catch (error) {
    throw unreadable(arg, error);
  }
}

/** What the system says of a file that cannot be opened, as a slip of who named it. */
function unreadable(file: string, error: unknown): unknown {
  if (error instanceof Failure || !(error instanceof Error)) return error;
  const why = error instanceof Deno.errors.NotFound ? "there is no such file or folder" : error.message;
  return configFailure(`${file}: ${why}`, "config_not_found");
}

/** Reads the text of a config file. */
export function parseConfig(file: string, text: string, env: Env = NO_ENV): Side {
  const config = parseConfigText(file, text);
  const { value } = config;
  if (typeof value === "object" && value !== null && "mlflow_tracking_uri" in value) {
    const fields = checked(config, mlflowConfigSchema);
    return mlflowOfFile({ file, fields, place: config.place }, env);
  }
  const fields = checked(config, workspaceConfigSchema);
  return {
    kind: "azureml",
    from: file,
    names: {
      subscription: fields.subscription_id,
      resourceGroup: fields.resource_group,
      workspace: fields.workspace_name,
    },
    tenant: fields.tenant_id ?? null,
    tenantAt: config.place("tenant_id"),
    cloud: cloudName(config, fields.cloud ?? "AzureCloud"),
    credential: fields.credential ?? "default",
    compute: fields.compute ?? null,
    sourceId: fields.source_id?.replace(/\/+$/, "") ?? null,
    endpoints: {
      resourceManager: fields.endpoints?.resource_manager?.replace(/\/+$/, "") ?? null,
      blob: fields.endpoints?.blob?.replace(/\/+$/, "") ?? null,
    },
  };
}

function checked<S extends z.ZodObject>(config: ConfigText, schema: S): z.infer<S> {
  const result = schema.safeParse(config.value, { reportInput: true });
  if (result.success) return result.data;
  // A misspelled key is told before the key that is missing for it.
  const { issues } = result.error;
  const issue = issues.find(({ code }) => code === "unrecognized_keys") ?? issues[0];
  if (issue === undefined) throw result.error;
  throw configFault(config, issue, keysOf(schema));
}

/** Paths of the keys that a schema knows. */
function keysOf(schema: z.ZodObject, prefix = ""): string[] {
  return Object.entries(schema.shape).flatMap(([key, field]) => {
    const inner: unknown = "innerType" in field.def ? field.def.innerType : field;
    const shape = typeof inner === "object" && inner !== null && "shape" in inner ? inner.shape : {};
    return [prefix + key, ...Object.keys(shape ?? {}).map((name) => `${prefix}${key}.${name}`)];
  });
}

function cloudName(config: ConfigText, text: string): string {
  const known = CLOUDS.find(({ name }) => name.toLowerCase() === text.toLowerCase());
  if (known !== undefined) return known.name;
  const url = URL.parse(text);
  const safe = url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url.hostname));
  if (safe) return text;
  const names = CLOUDS.map(({ name }) => name).join(", ");
  throw configFailure(
    `${config.place("cloud")}: "cloud" must be one of ${names}, or the https:// address of cloud metadata`,
    "config_bad_value",
  );
}

async function readUsualPlace(dir: string, env: Env): Promise<Side> {
  for (const place of USUAL_PLACES) {
    const file = dir === "." ? place : `${dir}/${place}`;
    try {
      return parseConfig(file, await Deno.readTextFile(file), env);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw unreadable(file, error);
    }
  }
  throw configFailure(
    `there is neither ${USUAL_PLACES.map((place) => `./${place}`).join(" nor ")}; ` +
      "name a config, or put the config.json that Azure's portal downloads there",
    "config_not_found",
  );
}

/** Azure ML studio in each cloud. */
const STUDIOS: ReadonlyMap<string, string> = new Map([
  ["ml.azure.com", "AzureCloud"],
  ["ml.azure.us", "AzureUSGovernment"],
  ["studio.ml.azure.cn", "AzureChinaCloud"],
]);

function isStudio(text: string): boolean {
  return /^https?:/i.test(text) && STUDIOS.has(URL.parse(text)?.hostname ?? "");
}

/** The tracking URI of a workspace, written with https. */
function isAzureTracking(text: string): boolean {
  const url = URL.parse(text);
  return url?.protocol === "https:" && CLOUDS.some(({ apiSuffix }) => url.hostname.endsWith(apiSuffix));
}

/** The workspace that a page of the studio shows, which its address names as `wsid`, and the tenant as `tid`. */
function sideOfStudio(text: string): WorkspaceConfig {
  const { searchParams, hostname } = new URL(text);
  const id = searchParams.get("wsid");
  if (id === null || parseWorkspaceId(id) === null) {
    throw configFailure(
      "this address of Azure ML studio names no workspace (it has no wsid=/subscriptions/...); give the id of the " +
        "workspace, azureml://subscriptions/<s>/resourceGroups/<rg>/workspaces/<ws>, or a config file",
      "bad_workspace_id",
    );
  }
  const side = sideOfId(id);
  return { ...side, cloud: STUDIOS.get(hostname) ?? side.cloud, tenant: searchParams.get("tid") };
}

function sideOfId(text: string): WorkspaceConfig {
  const named = parseWorkspaceId(text);
  if (named === null) {
    throw configFailure(
      `"${text}" names no workspace; the form is azureml://subscriptions/<s>/resourceGroups/<rg>/workspaces/<ws>`,
      "bad_workspace_id",
    );
  }
  const url = named.host === null ? null : URL.parse(`https://${named.host}`);
  const here = url !== null && isLoopback(url.hostname);
  const cloud = CLOUDS.find(({ apiSuffix }) => url?.hostname.endsWith(apiSuffix));
  return {
    kind: "azureml",
    from: text,
    names: named.names,
    tenant: null,
    cloud: cloud?.name ?? "AzureCloud",
    credential: "default",
    compute: null,
    sourceId: null,
    // A tracking URI of this machine is an emulator's, which has its ARM at the same place.
    endpoints: { resourceManager: here ? `http://${named.host}` : null, blob: null },
  };
}
