import type { MlflowConfig } from "../mlflow/config.ts";
import type { MlflowDeps } from "../mlflow/connect.ts";
import type { MlflowServer } from "../mlflow/server.ts";
import { isLoopback } from "../wire/address.ts";
import { type EndpointDeps, warnOnce } from "./process_wiring.ts";

/** Hosts of services that speak MLflow's API and that azml was never tried on. */
const UNTESTED: readonly (readonly [RegExp, string])[] = [
  [/\.(?:databricks\.(?:com|us|cn)|azuredatabricks\.(?:net|us|cn))$/i, "Databricks"],
  [/\bsagemaker\b.*\.(?:aws|amazonaws\.com)$/i, "SageMaker"],
];

/** Connects to the server of a config, and says what its user should know of the way there. Throws `Failure`. */
export async function mlflowServer(
  config: MlflowConfig,
  deps: EndpointDeps,
  wiring: MlflowDeps,
): Promise<MlflowServer> {
  const { connectServer } = await import("../mlflow/connect.ts");
  for (const address of [config.address, config.registry]) {
    if (address !== null) warnOf(new URL(address), config, deps);
  }
  return await connectServer(config, wiring);
}

function warnOf(address: URL, { auth, headers, insecureTls }: MlflowConfig, deps: EndpointDeps): void {
  const { protocol, hostname, host } = address;
  const hasSecrets = auth.kind !== "none" || Object.keys(headers).length > 0;
  if (hasSecrets && protocol === "http:" && !isLoopback(hostname)) {
    warnOnce(deps, `credentials go to ${host} in clear: use its https:// address if it has one`);
  }
  if (hasSecrets && protocol === "https:" && insecureTls) {
    warnOnce(
      deps,
      `credentials go to ${host} though its certificate is not checked (MLFLOW_TRACKING_INSECURE_TLS)`,
    );
  }
  const service = UNTESTED.find(([pattern]) => pattern.test(hostname))?.[1];
  if (service !== undefined) warnOnce(deps, `${host} is ${service}: azml was never tried with it`);
}
