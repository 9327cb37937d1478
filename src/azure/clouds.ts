import { Failure } from "../records/failure.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../records/json.ts";
import type { Resources } from "../wire/bearer.ts";
import { objectAt, textAt } from "./json_fields.ts";

/** An Azure cloud: where its services are, and what tokens are asked for. */
export interface Cloud {
  readonly name: string;
  /** Base URL of ARM, without a slash at its end. */
  readonly arm: string;
  /** Base URL of Entra; null leaves the public one (or its variable) to the library. */
  readonly authorityHost: string | null;
  readonly resources: Resources;
  /** `core.windows.net` ... */
  readonly storageSuffix: string;
  /** What the hosts of the data plane end in, with the dot before it. */
  readonly apiSuffix: string;
}

/** The storage audience is the same in every cloud (azure-storage-blob's default scope). */
const STORAGE = "https://storage.azure.com";

function cloud(
  name: string,
  arm: string,
  authorityHost: string | null,
  ml: string,
  storageSuffix: string,
  apiSuffix: string,
): Cloud {
  return { name, arm, authorityHost, resources: { arm, ml, storage: STORAGE }, storageSuffix, apiSuffix };
}

/** The clouds that azml knows by name (azure-ai-ml's table of environments). */
export const CLOUDS: readonly Cloud[] = [
  cloud(
    "AzureCloud",
    "https://management.azure.com",
    null,
    "https://ml.azure.com",
    "core.windows.net",
    ".api.azureml.ms",
  ),
  cloud(
    "AzureUSGovernment",
    "https://management.usgovcloudapi.net",
    "https://login.microsoftonline.us",
    "https://ml.azure.us",
    "core.usgovcloudapi.net",
    ".api.ml.azure.us",
  ),
  cloud(
    "AzureChinaCloud",
    "https://management.chinacloudapi.cn",
    "https://login.chinacloudapi.cn",
    "https://ml.azure.cn",
    "core.chinacloudapi.cn",
    ".api.ml.azure.cn",
  ),
];

/**
 * Reads a cloud metadata document (`<arm>/metadata/endpoints?api-version=2019-05-01`): one cloud, or a list of which
 * the one whose ARM address is part of the document's URL is meant, as with azure-ai-ml. Throws `Failure` (usage).
 */
export function cloudOfMetadata(document: JsonValue, url: string): Cloud {
  const entries = (Array.isArray(document) ? document : [document]).filter(isJsonObject);
  const entry = entries.length === 1
    ? entries[0]
    : entries.find((one) => url.includes(baseOf(one, "resourceManager") ?? "\n"));
  const arm = entry && baseOf(entry, "resourceManager");
  if (entry === undefined || !arm) {
    throw refusal(url, "names no cloud whose `resourceManager` is at that address");
  }
  const suffix = cloudSuffix(entry);
  return {
    name: textAt(entry, "name") ?? url,
    arm,
    authorityHost: baseOf(objectAt(entry, "authentication") ?? {}, "loginEndpoint"),
    resources: { arm, ml: `https://ml.azure.${suffix}`, storage: STORAGE },
    storageSuffix: textAt(objectAt(entry, "suffixes"), "storage") ?? "core.windows.net",
    apiSuffix: suffix === "com" ? ".api.azureml.ms" : `.api.ml.azure.${suffix}`,
  };
}

/** What follows `portal.azure.` in the portal's host: the SDK builds the other addresses with it. */
function cloudSuffix(entry: JsonObject): string {
  const host = (baseOf(entry, "portal") ?? "").replace(/^https?:\/\//, "").split("/")[0] ?? "";
  return host.split(".").slice(2).join(".") || "com";
}

function baseOf(entry: JsonObject, key: string): string | null {
  return textAt(entry, key)?.replace(/\/+$/, "") ?? null;
}

function refusal(url: string, why: string): Failure {
  return new Failure(`the cloud metadata at ${url} ${why}`, {
    code: "bad_cloud_metadata",
    reach: "usage",
    retryable: false,
    hint: "check `cloud` of the config: a known name, or the URL of <arm>/metadata/endpoints",
  });
}
