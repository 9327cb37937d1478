import type { JsonObject } from "../records/json.ts";
import { SOURCE_TAG, sourceTag } from "../records/lineage_tags.ts";
import type { UnitRecord } from "../records/unit.ts";
import type { FoundRun } from "../stages/ports.ts";
import { askFor, type AssetScope } from "./asset_scope.ts";
import { foundBy, NAME_TAG, PLACEHOLDER_TAG, REPLACED_TAG } from "./asset_tags.ts";
import { pairsAt, textAt } from "./json_fields.ts";
import { tagFilter } from "./registry_filter.ts";
import { modelPages, versionPages } from "./registry_models.ts";
import { aliasesOf, versionAt } from "./registry_record.ts";

/** A registered model as the target holds it; kept in step with what azml writes. */
export interface HeldModel {
  readonly name: string;
  description: string;
  readonly tags: Record<string, string>;
  /** Version by alias. */
  readonly aliases: Record<string, string>;
}

/** A version that azml made, as the target holds it; kept in step with what azml writes. */
export interface HeldVersion {
  readonly name: string;
  readonly version: string;
  description: string;
  stage: string;
  readonly source: string;
  readonly runId: string | null;
  readonly tags: Record<string, string>;
}

/** What one source has in a registry. */
interface OwnVersions {
  /** By model and target name. */
  readonly versions: Map<string, HeldVersion>;
  /** Versions that only took up a number. */
  readonly placeholders: HeldVersion[];
}

/**
 * The registry of a target: its models, listed once, and the versions that azml made of a source, looked up once by
 * their origin tag.
 */
export class RegistryIndex {
  readonly #scope: AssetScope;
  #models: Promise<Map<string, HeldModel>> | null = null;
  readonly #own = new Map<string, Promise<OwnVersions>>();

  constructor(scope: AssetScope) {
    this.#scope = scope;
  }

  /** Models by name. Throws `Failure`. */
  models(): Promise<Map<string, HeldModel>> {
    this.#models ??= this.#listModels().catch((error) => {
      this.#models = null;
      throw error;
    });
    return this.#models;
  }

  /** The version that azml made of a unit; null when it is not there. Throws `Failure`. */
  async version(unit: UnitRecord): Promise<HeldVersion | null> {
    const own = await this.#ownOf(sourceTag(unit.origin.source));
    return own.versions.get(keyOf(unit.name ?? "", unit.target_name)) ?? null;
  }

  /** Placeholders that an import which was cut short left in a model. Throws `Failure`. */
  async placeholders(unit: UnitRecord): Promise<readonly HeldVersion[]> {
    const own = await this.#ownOf(sourceTag(unit.origin.source));
    return own.placeholders.filter(({ name }) => name === unit.name);
  }

  /** Remembers a version that was just made. */
  async add(unit: UnitRecord, held: HeldVersion): Promise<void> {
    const own = await this.#ownOf(sourceTag(unit.origin.source));
    own.versions.set(keyOf(held.name, unit.target_name), held);
  }

  /** Forgets a placeholder that is gone. */
  async dropPlaceholder(unit: UnitRecord, { version }: HeldVersion): Promise<void> {
    const { placeholders } = await this.#ownOf(sourceTag(unit.origin.source));
    const at = placeholders.findIndex((held) => held.name === unit.name && held.version === version);
    if (at >= 0) placeholders.splice(at, 1);
  }

  /** What the target holds under a unit of kind model. */
  async findModel(unit: UnitRecord): Promise<FoundRun | null> {
    const held = (await this.models()).get(unit.name ?? "");
    if (held === undefined) return null;
    return foundBy(unit.target_name, held.name, held.tags);
  }

  /** What the target holds under a unit of kind model_version. */
  async findVersion(unit: UnitRecord): Promise<FoundRun | null> {
    const held = await this.version(unit);
    return held === null ? null : foundBy(unit.target_name, `${held.name}/${held.version}`, held.tags);
  }

  #ownOf(source: string): Promise<OwnVersions> {
    const known = this.#own.get(source);
    if (known !== undefined) return known;
    const asked = this.#listOwn(source).catch((error) => {
      this.#own.delete(source);
      throw error;
    });
    this.#own.set(source, asked);
    return asked;
  }

  async #listModels(): Promise<Map<string, HeldModel>> {
    const models = new Map<string, HeldModel>();
    for await (const page of modelPages(this.#reads())) {
      for (const object of page) {
        const held = heldModel(object);
        if (held !== null) models.set(held.name, held);
      }
    }
    return models;
  }

  async #listOwn(source: string): Promise<OwnVersions> {
    const own: OwnVersions = { versions: new Map(), placeholders: [] };
    const filter = tagFilter(SOURCE_TAG, source) ?? `tags.${SOURCE_TAG} LIKE '%'`;
    for await (const page of versionPages(this.#reads(), filter)) {
      for (const object of page) {
        const held = heldVersion(object);
        if (held === null || held.tags[SOURCE_TAG] !== source) continue;
        const name = held.tags[NAME_TAG];
        if (held.tags[PLACEHOLDER_TAG] !== undefined) own.placeholders.push(held);
        else if (name !== undefined) own.versions.set(keyOf(held.name, name), held);
      }
    }
    return own;
  }

  #reads(): Parameters<typeof modelPages>[0] {
    return { signal: this.#scope.signal, ask: (route, details) => askFor(this.#scope, route, details) };
  }
}

/** Models that made room for others, by the others' names. */
export function replacedModels(
  models: ReadonlyMap<string, HeldModel>,
): readonly (readonly [string, HeldModel])[] {
  return [...models.values()].flatMap((held) => {
    const by = held.tags[REPLACED_TAG];
    return by === undefined ? [] : [[by, held] as const];
  });
}

/** Reads a registered model of an answer; null when it is none. */
export function heldModel(object: JsonObject | null): HeldModel | null {
  const name = textAt(object, "name");
  if (object === null || name === null) return null;
  const description = textAt(object, "description") ?? "";
  return { name, description, tags: pairsAt(object, "tags"), aliases: aliasesOf(object) };
}

/** Reads a version of an answer; null when it is none. */
export function heldVersion(object: JsonObject | null): HeldVersion | null {
  const name = textAt(object, "name");
  const version = object === null ? null : versionAt(object);
  if (name === null || version === null) return null;
  return {
    name,
    version,
    description: textAt(object, "description") ?? "",
    stage: textAt(object, "current_stage") ?? "None",
    source: textAt(object, "source") ?? "",
    runId: textAt(object, "run_id"),
    tags: pairsAt(object, "tags"),
  };
}

function keyOf(model: string, targetName: string): string {
  return `${model}\n${targetName}`;
}
