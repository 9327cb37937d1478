import { Failure } from "../records/failure.ts";
import { isJsonObject, type JsonObject } from "../records/json.ts";
import { isLoopback } from "../wire/address.ts";
import { ROUTES } from "../wire/routes.ts";
import type { Wire } from "../wire/wire.ts";
import { textAt } from "./json_fields.ts";
import { parseWorkspaceId } from "./workspace_id.ts";

/**
 * The base URL of a workspace's data plane: the `api` of its discovery answer, which is asked for without a token
 * (Azure ML discovery, as azure-ai-ml does it), else the host of its tracking URI. `loopback`: ARM is spoken to in
 * http on this machine, so what is named on this machine is too. Throws `Failure`.
 */
export async function discoverApi(wire: Wire, properties: JsonObject, loopback: boolean): Promise<string> {
  const discovery = textAt(properties, "discoveryUrl");
  const named = discovery === null ? null : await askDiscovery(wire, addressFor(discovery, loopback));
  const host = parseWorkspaceId(textAt(properties, "mlFlowTrackingUri") ?? "")?.host;
  const api = named ?? (host ? `https://${host}` : null);
  if (api === null) throw refusal("the workspace resource leads to no discovery and no tracking URI");
  return addressFor(api, loopback);
}

async function askDiscovery(wire: Wire, url: string): Promise<string | null> {
  const { body } = await wire.send({
    route: ROUTES.discovery.services,
    url,
    audience: "none",
    accept: [404],
  });
  return isJsonObject(body) ? textAt(body, "api") : null;
}

/** An address as the service named it, in http where it may be, never in http elsewhere; without a slash at its end. */
function addressFor(named: string, loopback: boolean): string {
  const url = URL.parse(named);
  if (url === null) throw refusal(`"${named}" is no address`);
  const here = isLoopback(url.hostname);
  if (here && loopback) url.protocol = "http:";
  if (url.protocol !== "https:" && !here) throw refusal(`${url.origin} is not https`);
  return url.href.replace(/\/+$/, "");
}

function refusal(why: string): Failure {
  return new Failure(`could not find the workspace's data plane: ${why}`, {
    code: "no_data_plane",
    reach: "unreachable",
    retryable: false,
    hint: "look at `discoveryUrl` and `mlFlowTrackingUri` of the workspace resource in the portal",
  });
}
