import type { JsonObject } from "../../../src/records/json.ts";
import { notFound } from "../errors.ts";
import { textMap, textValue } from "../history/body_values.ts";
import type { Asset, WorkspaceState } from "../state.ts";

/** A registered model beside its versions, which are the workspace's model assets. */
export interface RegisteredModel {
  readonly name: string;
  description: string | null;
  tags: Record<string, string>;
  /** Alias to version. */
  aliases: Record<string, string>;
  readonly created: number;
  updated: number;
}

const held = new WeakMap<WorkspaceState, Map<string, RegisteredModel>>();

/** Every registered model, those that only ARM or the v1 service made included, by name. */
export function registeredModels(workspace: WorkspaceState): Map<string, RegisteredModel> {
  const models = held.get(workspace) ?? new Map<string, RegisteredModel>();
  held.set(workspace, models);
  for (const { kind, name, systemData } of workspace.assets.values()) {
    if (kind !== "models" || models.has(name)) continue;
    const created = Date.parse(systemData.createdAt);
    models.set(name, { name, description: null, tags: {}, aliases: {}, created, updated: created });
  }
  return models;
}

/** The registered model of a name. Throws 404 `RESOURCE_DOES_NOT_EXIST`. */
export function findModel(workspace: WorkspaceState, name: string): RegisteredModel {
  const model = registeredModels(workspace).get(name);
  if (model === undefined) throw notFound(`Registered Model with name=${name} not found`);
  return model;
}

/** The versions of a model, oldest first. */
export function versionsOf(workspace: WorkspaceState, name: string): readonly Asset[] {
  return [...workspace.assets.values()].filter((asset) => asset.kind === "models" && asset.name === name);
}

/** A version of a model. Throws 404. */
export function findVersion(workspace: WorkspaceState, name: string, version: string): Asset {
  const asset = workspace.asset("models", name, version);
  if (asset === undefined) throw notFound(`Model Version (name=${name}, version=${version}) not found`);
  return asset;
}

/** Adds the next version of a model and answers it. */
export function addVersion(
  workspace: WorkspaceState,
  name: string,
  facts: { source: string; runId: string | null; description: string | null; tags: Record<string, string> },
): Asset {
  const numbers = versionsOf(workspace, name).map(({ version }) => Number(version)).filter(Number.isInteger);
  const now = new Date(workspace.clock.millis()).toISOString();
  const asset: Asset = {
    kind: "models",
    name,
    version: String(Math.max(0, ...numbers) + 1),
    properties: {
      description: facts.description,
      tags: facts.tags,
      properties: {},
      isArchived: false,
      isAnonymous: false,
      modelUri: facts.source,
      modelType: "mlflow_model",
      jobName: facts.runId,
      flavors: {},
      stage: "None",
    },
    systemData: { createdAt: now, createdBy: "Azml Tester", lastModifiedAt: now },
  };
  workspace.putAsset(asset);
  return asset;
}

/** A model version as MLflow answers it. */
export function versionJson(
  model: RegisteredModel,
  { name, version, properties, systemData }: Asset,
): JsonObject {
  return {
    name,
    version,
    creation_timestamp: String(Date.parse(systemData.createdAt)),
    last_updated_timestamp: String(Date.parse(systemData.lastModifiedAt)),
    user_id: systemData.createdBy,
    current_stage: textValue(properties.stage) ?? "None",
    description: textValue(properties.description) ?? "",
    source: textValue(properties.modelUri) ?? "",
    run_id: textValue(properties.jobName) ?? "",
    status: "READY",
    status_message: "",
    tags: pairs(textMap(properties.tags)),
    run_link: "",
    aliases: Object.entries(model.aliases).filter(([, held]) => held === version).map(([alias]) => alias),
  };
}

/** MLflow's form of a map of strings. */
export function pairs(map: Readonly<Record<string, string>>): JsonObject[] {
  return Object.entries(map).map(([key, value]) => ({ key, value }));
}
