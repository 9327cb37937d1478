import { Failure } from "../records/failure.ts";
import { isJsonObject, type JsonObject } from "../records/json.ts";
import { tenantNamedIn } from "../wire/answer_failure.ts";
import { readOnly } from "../wire/read_only.ts";
import { ROUTES } from "../wire/routes.ts";
import type { Wire } from "../wire/wire.ts";
import type { Azure } from "./connect_azure.ts";
import type { WorkspaceConfig } from "./connect_config.ts";
import { createDatastores } from "./datastores.ts";
import { discoverApi } from "./discovery.ts";
import { objectAt, textAt } from "./json_fields.ts";
import type { Workspace, WorkspaceNames } from "./workspace.ts";
import { armPathOf, parseWorkspaceId, workspaceId } from "./workspace_id.ts";

/** How a workspace is to be spoken to. */
export interface ConnectOptions {
  /** Send nothing that changes anything. */
  readonly readOnly?: boolean;
}

/**
 * Finds a workspace and its data plane: ARM GET, then discovery without a token. Throws `Failure`: usage when it does
 * not exist, auth when the sign-in is refused, unreachable when nobody answers.
 */
export async function connectWorkspace(
  config: WorkspaceConfig,
  azure: Azure,
  options: ConnectOptions = {},
): Promise<Workspace> {
  const plain = azure.wire(config.tenant);
  const meter = { bytes: 0, calls: 0, told: azure.told };
  const wire = counting(options.readOnly ? readOnly(plain) : plain, meter);
  const { arm } = azure.cloud;
  const resource = await findWorkspace(config, wire, arm);
  const properties = objectAt(resource, "properties") ?? {};
  // The names as the service spells them, so that two configs of one workspace give the same ids.
  const names = spelled(config.names, textAt(resource, "id"));
  const api = await discoverApi(wire, properties, azure.loopback);
  wire.trust(api);
  const armPath = armPathOf(names);
  const tenant = config.tenant ?? textAt(properties, "tenantId");
  const datastores = createDatastores({
    azure,
    wire,
    armPath,
    tenant: config.tenant,
    meter,
    now: () => Date.now(),
  });
  return {
    id: config.sourceId ?? workspaceId(names),
    names,
    armPath,
    arm,
    api,
    tenant,
    wire,
    datastore: (name) => datastores.get(name),
    defaultDatastore: () => datastores.defaultName(),
    container: (name) => datastores.container(name),
    bytes: () => meter.bytes,
  };
}

/** Requests to blob storage count like all others. */
function counting(wire: Wire, meter: { readonly calls: number }): Wire {
  return {
    send: (request) => wire.send(request),
    open: (request) => wire.open(request),
    trust: (base) => wire.trust(base),
    calls: () => wire.calls() + meter.calls,
  };
}

async function findWorkspace(config: WorkspaceConfig, wire: Wire, arm: string): Promise<JsonObject> {
  const request = {
    route: ROUTES.arm.workspace,
    base: arm,
    vars: { ws: armPathOf(config.names) },
    accept: [404],
  };
  const { body, status } = await wire.send(request).catch((error: unknown) => {
    throw wrongTenant(config, error) ?? error;
  });
  if (status !== 404 && isJsonObject(body)) return body;
  const code = textAt(objectAt(isJsonObject(body) ? body : null, "error"), "code");
  throw new Failure(`there is no workspace ${workspaceId(config.names)} (ARM says ${code ?? status})`, {
    code: code ?? "workspace_not_found",
    reach: "usage",
    retryable: false,
    status,
    hint: `check subscription_id, resource_group, workspace_name and tenant_id in ${config.from}`,
  });
}

/** A tenant that is not the workspace's is a slip of the config: it is told with its place. */
function wrongTenant(config: WorkspaceConfig, error: unknown): Failure | null {
  const tenant = error instanceof Failure ? tenantNamedIn(error.message) : null;
  if (tenant === null) return null;
  const says = config.tenant === null
    ? `"tenant_id" is missing, and the sign-in is not in the workspace's tenant`
    : `"tenant_id" is ${config.tenant}, which is not the workspace's tenant`;
  return new Failure(`${config.tenantAt ?? config.from}: ${says}; say "tenant_id": "${tenant}"`, {
    code: "wrong_tenant",
    reach: "auth",
    retryable: false,
    cause: error,
  });
}

function spelled(names: WorkspaceNames, id: string | null): WorkspaceNames {
  const found = parseWorkspaceId(id ?? "")?.names;
  const same = found !== undefined && workspaceId(found).toLowerCase() === workspaceId(names).toLowerCase();
  return same ? found : names;
}
