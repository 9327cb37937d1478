import type { AssetScope } from "./asset_scope.ts";
import { REPLACED_TAG } from "./asset_tags.ts";
import { type HeldModel, replacedModels } from "./registry_index.ts";
import { MLFLOW_ROUTES } from "./routes.ts";

const { models: ROUTES } = MLFLOW_ROUTES;

/**
 * Gives a model that is not azml's another name, so that the new one can have its own. Versions are made one by one, so
 * the new model cannot be made complete aside; the old one stays whole under its other name until it can go.
 */
export async function makeRoom(
  scope: AssetScope,
  models: Map<string, HeldModel>,
  old: HeldModel,
): Promise<void> {
  const name = freeName(models, `${old.name}.azml-replaced`);
  const body = { name: old.name, key: REPLACED_TAG, value: old.name };
  // The tag comes first: a model that has it under its own name is simply renamed by the next run.
  await scope.server.send(ROUTES.setTag, { body });
  await scope.server.send(ROUTES.rename, { body: { name: old.name, new_name: name } });
  models.delete(old.name);
  models.set(name, { ...old, name, tags: { ...old.tags, [REPLACED_TAG]: old.name } });
  scope.log.info(`model "${old.name}" is called "${name}" until the new one stands`);
}

/**
 * Deletes the models that made room, once all that came stands; leaves them, and says so, when something failed.
 */
export async function settleReplaced(
  scope: AssetScope,
  models: Map<string, HeldModel>,
  isWhole: boolean,
): Promise<void> {
  for (const [by, old] of replacedModels(models)) {
    if (old.name === by) continue;
    if (isWhole && models.has(by)) {
      await scope.server.send(ROUTES.delete, { body: { name: old.name } });
      models.delete(old.name);
      scope.log.info(`model "${by}" stands; what it replaces ("${old.name}") is deleted`);
    } else scope.log.warn(`not all of model "${by}" stands: what it replaces stays as "${old.name}"`);
  }
}

function freeName(models: ReadonlyMap<string, HeldModel>, name: string): string {
  for (let number = 2; models.has(name); number++) name = `${name.replace(/-\d+$/, "")}-${number}`;
  return name;
}
