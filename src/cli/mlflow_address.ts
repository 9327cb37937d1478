import { configFailure } from "./config_text.ts";

/** An address, and the credentials that stood in it. */
export interface MlflowAddress {
  /** Scheme, host and path, without trailing slash. */
  readonly address: string;
  readonly user: { readonly username: string; readonly password: string } | null;
}

/** Words that MLflow takes for a tracking server and azml does not, each with what to do instead. */
const OTHERS: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:databricks|uc)(?:-uc)?(?::|$)/i,
    "azml reads no Databricks profiles and is untested with Databricks; the https:// address of the workspace, " +
    "with a token, speaks the same API and may work",
  ],
  [
    /^arn:aws[\w-]*:sagemaker:/i,
    "MLflow on SageMaker wants requests that are signed by AWS, which azml does not do (it is untested there)",
  ],
  [
    /^azureml:/i,
    "an Azure ML workspace is named by itself (--source azureml://...) or by subscription_id, resource_group and " +
    "workspace_name",
  ],
  [
    /^(?:sqlite|postgresql|mysql|mssql|file)(?:\+\w+)?:/i,
    "that is a store and no server; start `mlflow server --backend-store-uri` with it and name the server's address",
  ],
];

/** Whether a text is one of MLflow's own words for a tracking server which is no http address. */
export function isForeignUri(text: string): boolean {
  return OTHERS.some(([pattern]) => pattern.test(text)) && !/^azureml:/i.test(text);
}

/** Reads an MLflow address; `where` (`c.json:3: "mlflow_tracking_uri"`) begins messages. Throws `Failure` (usage). */
export function mlflowAddress(text: string, where: string): MlflowAddress {
  const other = OTHERS.find(([pattern]) => pattern.test(text));
  if (other !== undefined) {
    throw configFailure(`${where} is no http address: ${other[1]}`, "mlflow_uri_not_supported");
  }
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw configFailure(`${where} must be an http:// or https:// address`, "config_bad_value");
  }
  if (url.search !== "" || url.hash !== "") {
    throw configFailure(`${where} must end with its path: no "?" and no "#"`, "config_bad_value");
  }
  const user = url.username === "" && url.password === ""
    ? null
    : { username: decode(url.username), password: decode(url.password) };
  return { address: `${url.origin}${url.pathname}`.replace(/\/+$/, ""), user };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
