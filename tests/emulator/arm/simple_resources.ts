import type { JsonObject } from "../../../src/records/json.ts";
import { isJsonObject } from "../../../src/records/json.ts";
import { ServiceError } from "../errors.ts";
import { bodyObject, type Context, empty, json, type Reply } from "../router.ts";
import type { SystemData } from "../state/arm.ts";
import type { WorkspaceState } from "../state.ts";
import { armPage } from "./paging.ts";
import { madeNow, resource } from "./resource.ts";

interface Simple {
  properties: JsonObject;
  readonly systemData: SystemData;
}

/** Collections that the emulator keeps as they are PUT and makes nothing of. */
export type SimpleKind = "schedules" | "computes" | "batchEndpoints";

const kept = new WeakMap<WorkspaceState, Map<string, Simple>>();

/** Handlers of a collection that is only kept: list, get, put, delete. */
export function simpleHandlers(
  kind: SimpleKind,
): Record<"list" | "get" | "put" | "remove", (context: Context) => Reply> {
  return {
    list: (context) => list(context, kind),
    get: (context) => json(view(context, kind, context.params.name ?? "", find(context, kind))),
    put: (context) => put(context, kind),
    remove: (context) => empty(all(context).delete(`${kind}/${context.params.name}`) ? 202 : 204),
  };
}

function all(context: Context): Map<string, Simple> {
  const known = kept.get(context.workspace);
  if (known !== undefined) return known;
  const made = new Map<string, Simple>([["computes/cpu-cluster", {
    properties: CLUSTER,
    systemData: madeNow(context),
  }]]);
  kept.set(context.workspace, made);
  return made;
}

/** A schedule list shows the enabled ones unless `listViewType` says `DisabledOnly` or `All`. */
function list(context: Context, kind: SimpleKind): Reply {
  const type = context.query.get("listViewType")?.toLowerCase() ?? "enabledonly";
  const shown = [...all(context)].filter(([key, { properties }]) =>
    key.startsWith(`${kind}/`) &&
    (kind !== "schedules" || type === "all" || (properties.isEnabled !== false) === (type !== "disabledonly"))
  );
  return armPage(context, shown, ([key, item]) => view(context, kind, key.slice(kind.length + 1), item));
}

function put(context: Context, kind: SimpleKind): Reply {
  const { name = "" } = context.params;
  const sent = bodyObject(context).properties;
  const known = all(context).get(`${kind}/${name}`);
  const properties: JsonObject = {
    description: null,
    tags: {},
    ...(isJsonObject(sent) ? sent : {}),
    provisioningState: "Succeeded",
  };
  const item = { properties, systemData: known?.systemData ?? madeNow(context) };
  all(context).set(`${kind}/${name}`, item);
  return json(view(context, kind, name, item), known === undefined ? 201 : 200);
}

function find(context: Context, kind: SimpleKind): Simple {
  const { name = "" } = context.params;
  const item = all(context).get(`${kind}/${name}`);
  if (item !== undefined) return item;
  throw new ServiceError({
    status: 404,
    code: "ResourceNotFound",
    inner: ["NotFound"],
    message: `${kind} ${name} was not found.`,
  });
}

function view(context: Context, kind: SimpleKind, name: string, item: Simple): JsonObject {
  const { location: _none, ...shown } = resource(context, { path: `${kind}/${name}`, ...item });
  return { location: context.workspace.facts.region, ...shown };
}

const CLUSTER: JsonObject = {
  computeType: "AmlCompute",
  computeLocation: "eastus",
  description: null,
  disableLocalAuth: true,
  isAttachedCompute: false,
  provisioningErrors: null,
  provisioningState: "Succeeded",
  resourceId: null,
  properties: {
    osType: "Linux",
    vmSize: "Standard_DS3_v2",
    vmPriority: "Dedicated",
    scaleSettings: { minNodeCount: 0, maxNodeCount: 4, nodeIdleTimeBeforeScaleDown: "PT120S" },
    currentNodeCount: 0,
    targetNodeCount: 0,
    allocationState: "Steady",
    remoteLoginPortPublicAccess: "NotSpecified",
  },
};
