import type { WireValue } from "../json_text.ts";
import { filled, pairs } from "../call.ts";
import type { ModelVersion, RegisteredModel } from "../state/registry.ts";

/** A version; its aliases only where MLflow says them (not in searches, not in `latest_versions`). */
export function versionJson(model: RegisteredModel, version: ModelVersion, withAliases: boolean): WireValue {
  const aliases = [...model.aliases].filter(([, of]) => of === version.version).map(([alias]) => alias);
  return {
    name: model.name,
    version: String(version.version),
    creation_timestamp: version.created,
    last_updated_timestamp: version.updated,
    current_stage: version.stage,
    description: version.description,
    source: version.source,
    run_id: version.runId,
    status: "READY",
    run_link: version.runLink,
    tags: pairs(version.tags),
    aliases: withAliases ? filled(aliases) : undefined,
  };
}

/** A registered model with the latest version of each stage. */
export function modelJson(model: RegisteredModel): WireValue {
  return {
    name: model.name,
    creation_timestamp: model.created,
    last_updated_timestamp: model.updated,
    description: model.description || undefined,
    latest_versions: filled(latestVersions(model).map((version) => versionJson(model, version, false))),
    tags: pairs(model.tags),
    aliases: filled([...model.aliases].map(([alias, version]) => ({ alias, version: String(version) }))),
  };
}

/** The newest version of each stage, in the order in which the stages are met. */
export function latestVersions(model: RegisteredModel): readonly ModelVersion[] {
  const latest = new Map<string, ModelVersion>();
  for (const version of model.versions.values()) latest.set(version.stage, version);
  return [...latest.values()];
}
