import type { JsonObject } from "../records/json.ts";
import type { UnitRecord } from "../records/unit.ts";
import { askFor, type AssetScope, tryToSet } from "./asset_scope.ts";
import { asPairs, originTags, PLACEHOLDER_TAG, SOURCE_TAG } from "./asset_tags.ts";
import { objectAt, objectsAt, textAt } from "./json_fields.ts";
import { nameFilter } from "./registry_filter.ts";
import { heldVersion, type RegistryIndex } from "./registry_index.ts";
import { versionAt } from "./registry_record.ts";
import { MLFLOW_ROUTES } from "./routes.ts";

const { modelVersions: ROUTES } = MLFLOW_ROUTES;

/**
 * Brings a model's counter up to just before a number, by placeholders that are made and deleted: a registry never
 * gives a number twice. Does nothing where the counter is there already or beyond. `body`: what a version is made of.
 */
export class VersionNumbers {
  readonly #scope: AssetScope;
  readonly #index: RegistryIndex;
  /** The latest number known to be taken, by model. */
  readonly #latest = new Map<string, number>();

  constructor(scope: AssetScope, index: RegistryIndex) {
    this.#scope = scope;
    this.#index = index;
  }

  /** Notes the number of a version that was made. */
  note(model: string, version: string): void {
    const number = Number(version);
    if (number > (this.#latest.get(model) ?? 0)) this.#latest.set(model, number);
  }

  /** Throws `Failure`. */
  async advance(unit: UnitRecord, wanted: number, body: JsonObject): Promise<void> {
    const model = unit.name ?? "";
    for (const left of await this.#index.placeholders(unit)) {
      await this.#remove(model, left.version);
      await this.#index.dropPlaceholder(unit, left);
    }
    let latest = this.#latest.get(model) ?? await this.#ask(model);
    while (latest < wanted - 1) {
      const tags = { [SOURCE_TAG]: originTags(unit)[SOURCE_TAG] ?? "", [PLACEHOLDER_TAG]: "true" };
      const answer = await askFor(this.#scope, ROUTES.create, {
        body: { ...body, name: model, tags: asPairs(tags) },
      });
      const made = heldVersion(objectAt(answer, "model_version"));
      if (made === null) break;
      await this.#remove(model, made.version);
      latest = Number(made.version);
    }
    this.#latest.set(model, latest);
  }

  /** A deleted version does not show, so the counter may be further. */
  async #ask(model: string): Promise<number> {
    const answer = await askFor(this.#scope, ROUTES.search, {
      query: { filter: nameFilter(model).filter, max_results: 1000, order_by: "version_number DESC" },
    });
    const numbers = objectsAt(answer, "model_versions")
      .filter((version) => textAt(version, "name") === model).map((version) => Number(versionAt(version)));
    return Math.max(0, ...numbers);
  }

  async #remove(name: string, version: string): Promise<void> {
    await tryToSet(this.#scope, ROUTES.delete, { name, version });
  }
}
