import type { RouteRow } from "../router.ts";
import { queryEntities } from "./query_entities.ts";

/** The row of the index service, `index/v1.0`. */
export const routes: RouteRow[] = [
  {
    name: "index.entities",
    method: "POST",
    path: "/index/v1.0{+ws}/entities",
    effect: "read",
    handler: queryEntities,
  },
];
