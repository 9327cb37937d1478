import { ROUTES } from "../wire/routes.ts";
import { isJsonObject } from "../records/json.ts";
import { textAt } from "./json_fields.ts";
import { callService, type TargetScope } from "./target_scope.ts";

/** Where runs go whose experiment a filter took away; Azure ML's own word for it. */
export const DEFAULT_EXPERIMENT = "Default";

/**
 * Makes sure that an experiment is there; answers its id (null when the service does not say). Asked once a name and
 * kept; what failed is asked again the next time. Azure ML run history: GET, then POST where it is not there (the
 * published operation has no body).
 */
export async function ensureExperiment(
  scope: Pick<TargetScope, "workspace" | "wire" | "experiments">,
  name: string,
): Promise<string | null> {
  const known = scope.experiments.get(name);
  if (known !== undefined) return await known;
  const asked = lookOrMake(scope, name);
  scope.experiments.set(name, asked);
  try {
    return await asked;
  } catch (thrown) {
    scope.experiments.delete(name);
    throw thrown;
  }
}

async function lookOrMake(
  scope: Pick<TargetScope, "workspace" | "wire">,
  name: string,
): Promise<string | null> {
  const vars = { experiment: name };
  const there = await callService(scope, ROUTES.history.experiment, { vars, accept: [404] });
  if (there.status !== 404) return idOf(there.body);
  const made = await callService(scope, ROUTES.history.createExperiment, { vars, accept: [409] });
  if (made.status !== 409) return idOf(made.body);
  return idOf((await callService(scope, ROUTES.history.experiment, { vars })).body);
}

function idOf(body: Parameters<typeof isJsonObject>[0]): string | null {
  return isJsonObject(body) ? textAt(body, "experimentId") : null;
}
