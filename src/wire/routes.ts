import { HISTORY_ROUTES } from "./routes_history.ts";
import { SERVICE_ROUTES } from "./routes_services.ts";
import type { Route } from "./wire.ts";

/** The ARM version that azml speaks: old enough to exist in every cloud (Azure ML ARM schemas, 2021-03-01 to 2026-05-01). */
export const ARM_API_VERSION = "2024-10-01";

const version = `?api-version=${ARM_API_VERSION}`;

const ARM_ROUTES = {
  /** Answers the workspace resource; `properties.discoveryUrl` leads to the data plane. */
  workspace: { method: "GET", path: `{+ws}${version}`, effect: "read", repeatable: true, refusal: "auth" },
  /** Pages by `nextLink`. Query: `listViewType`, `jobType`, `tag`. Lists top-level jobs alone. */
  jobs: { method: "GET", path: `{+ws}/jobs${version}`, effect: "read", repeatable: true, refusal: "auth" },
  /** For a step of a pipeline the answer has no `properties`; for a trial of AutoML it is an error. */
  job: { method: "GET", path: `{+ws}/jobs/{name}${version}`, effect: "read", repeatable: true },
  /** Query: `isDefault`, `count`, `names`. Pages by `nextLink`. */
  datastores: { method: "GET", path: `{+ws}/datastores${version}`, effect: "read", repeatable: true },
  datastore: { method: "GET", path: `{+ws}/datastores/{name}${version}`, effect: "read", repeatable: true },
  /** A POST that changes nothing. Answers `{secretsType: "AccountKey", key}` or `{secretsType: "Sas", sasToken}`. */
  datastoreSecrets: {
    method: "POST",
    path: `{+ws}/datastores/{name}/listSecrets${version}`,
    effect: "read",
    repeatable: true,
  },
} as const satisfies Record<string, Route>;

const DISCOVERY_ROUTES = {
  /** The address comes from the workspace resource; sent without a token. */
  services: { method: "GET", path: "", effect: "read", repeatable: true },
  /** The address comes from the config (`cloud`); sent without a token. */
  cloudMetadata: { method: "GET", path: "", effect: "read", repeatable: true },
} as const satisfies Record<string, Route>;

/**
 * Every route that azml speaks to Azure ML, in one place. `{+ws}` is the workspace's ARM path
 * (`Workspace.armPath`); `base` of a request is `Workspace.arm` for `arm` and `Workspace.api` for all the others.
 * Sources: Azure ML ARM schemas 2024-10-01, the published run history TypeSpec v1.0, the artifact swagger
 * 2019-09-30, and the requests of the released SDKs.
 */
export const ROUTES = {
  arm: ARM_ROUTES,
  discovery: DISCOVERY_ROUTES,
  history: HISTORY_ROUTES,
  ...SERVICE_ROUTES,
} as const;
