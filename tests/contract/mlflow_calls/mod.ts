import { artifacts, unproxied } from "./artifacts.ts";
import { batches } from "./batches.ts";
import { experiments } from "./experiments.ts";
import { lifecycle } from "./lifecycle.ts";
import { loggedModels } from "./logged_models.ts";
import { registry } from "./registry.ts";
import { runs } from "./runs.ts";
import { runSearch } from "./search.ts";
import { lineage, sources } from "./sources.ts";
import { auth, server, workspaces } from "./server.ts";
import type { CallScenario } from "./step.ts";

/** Every scenario that is recorded from real servers and replayed against the double. */
export const SCENARIOS: readonly CallScenario[] = [
  server,
  experiments,
  runs,
  batches,
  runSearch,
  artifacts,
  unproxied,
  registry,
  lifecycle,
  loggedModels,
  sources,
  lineage,
  workspaces,
  auth,
];
