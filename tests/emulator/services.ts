import { routes as arm } from "./arm/routes.ts";
import { routes as artifact } from "./artifact/routes.ts";
import { routes as content } from "./content/routes.ts";
import { routes as data } from "./data/routes.ts";
import type { Envelope } from "./errors.ts";
import { routes as history } from "./history/routes.ts";
import { routes as index } from "./index/routes.ts";
import { routes as metric } from "./metric/routes.ts";
import { routes as mlflow } from "./mlflow/routes.ts";
import { routes as modelmanagement } from "./modelmanagement/routes.ts";
import { routes as modelregistry } from "./modelregistry/routes.ts";
import type { RouteRow } from "./router.ts";

/** A service of Azure ML: its routes, and how it says that something went wrong. */
export interface Service {
  readonly name: string;
  /** Which paths are its own. */
  readonly prefix: RegExp;
  readonly envelope: Envelope;
  /** `componentName` in its errors. */
  readonly component: string;
  readonly routes: readonly RouteRow[];
}

/** Every service of the emulator. A new one is a folder with `routes.ts`, and a line here. */
export const services: readonly Service[] = [
  service("arm", "arm", "managementfrontend", arm, "subscriptions"),
  service("history", "history", "run-history", history),
  service("metric", "history", "metric", metric),
  service("artifact", "history", "artifact", artifact),
  service("index", "history", "index", index),
  service("content", "history", "project-content", content),
  service("data", "history", "data-management", data),
  service("modelregistry", "history", "model-registry", modelregistry),
  service("modelmanagement", "history", "modelmanagement", modelmanagement),
  service("mlflow", "mlflow", "mlflow", mlflow),
];

function service(
  name: string,
  envelope: Envelope,
  component: string,
  routes: readonly RouteRow[],
  folder = name,
): Service {
  return { name, envelope, component, routes, prefix: new RegExp(`^/${folder}/`, "i") };
}
