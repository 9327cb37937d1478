import type { JsonObject } from "../records/json.ts";
import { SOURCE_TAG, sourceTag } from "../records/lineage_tags.ts";
import { shortHash } from "../records/short_hash.ts";
import type { UnitRecord } from "../records/unit.ts";
import type { FoundRun } from "../stages/ports.ts";
import { assetPages } from "./asset_pages.ts";
import { findHolder } from "./asset_holder.ts";
import { runNamed } from "./asset_run.ts";
import { askFor, type AssetScope } from "./asset_scope.ts";
import { foundBy, NAME_TAG } from "./asset_tags.ts";
import type { ExperimentIndex } from "./experiment_index.ts";
import { objectAt, objectsAt, pairsAt, textAt } from "./json_fields.ts";
import { tagFilter } from "./registry_filter.ts";
import { MLFLOW_ROUTES } from "./routes.ts";
import type { MlflowRun } from "./run_parse.ts";

/** A logged model that azml made, as the target holds it; kept in step with what azml writes. */
export interface HeldLoggedModel {
  readonly id: string;
  status: string;
  readonly artifactUri: string;
  readonly tags: Record<string, string>;
  readonly params: Record<string, string>;
  readonly metrics: readonly JsonObject[];
}

/** Where a version that rests on a logged model finds it in the target. */
export interface LoggedModelPlace {
  /** Null on a target without logged models: then its files are in a run. */
  readonly modelId: string | null;
  readonly runId: string | null;
  /** Root of that run's artifacts, and the folder below it. */
  readonly root: string;
  readonly folder: string;
}

/** Experiments named in one request. */
const EXPERIMENTS = 100;

/** Logged models a page. */
const PAGE = 200;

/** Folder of a run that holds a logged model's facts and files, for a target that has no logged models. */
export function asideFolder(targetName: string): string {
  return `azml/logged_models/${targetName}`;
}

/** Tag of that run: digest of the logged model that was brought there; empty while it is not whole. */
export function asideTag(targetName: string): string {
  return `azml_logged_model.${shortHash(targetName)}`;
}

/** The logged models that azml made, looked up once a source by their origin tag. */
export class LoggedModelIndex {
  readonly #scope: AssetScope;
  readonly #experiments: ExperimentIndex;
  readonly #own = new Map<string, Promise<Map<string, HeldLoggedModel>>>();

  constructor(scope: AssetScope, experiments: ExperimentIndex) {
    this.#scope = scope;
    this.#experiments = experiments;
  }

  /** Whether the target has logged models. */
  get isNative(): boolean {
    return this.#scope.server.abilities.loggedModels;
  }

  /** What the target holds under a unit of kind logged_model. Throws `Failure`. */
  async find(unit: UnitRecord): Promise<FoundRun | null> {
    if (this.isNative) {
      const held = await this.held(unit);
      return held === null ? null : foundBy(unit.target_name, held.id, held.tags);
    }
    const run = await this.#asideRun(unit.target_name, unit.refs?.["run"]);
    const digest = run?.tags[asideTag(unit.target_name)];
    if (run === null || digest === undefined) return null;
    const origin = { source: sourceTag(unit.origin.source), id: unit.origin.id };
    const target = `${run.id}/${asideFolder(unit.target_name)}`;
    return { name: unit.target_name, target, origin, digest: digest || null };
  }

  /** The logged model that azml made of a unit; null when it is not there. Throws `Failure`. */
  async held(unit: UnitRecord): Promise<HeldLoggedModel | null> {
    return (await this.#ownOf(unit)).get(unit.target_name) ?? null;
  }

  /** Remembers one that was just made. */
  async add(unit: UnitRecord, held: HeldLoggedModel): Promise<void> {
    (await this.#ownOf(unit)).set(unit.target_name, held);
  }

  /** Where the logged model is that a unit of a version refers to; null for none, or when it is not there. Throws `Failure`. */
  async place({ refs, origin }: UnitRecord): Promise<LoggedModelPlace | null> {
    const name = refs?.["logged_model"];
    if (name === undefined) return null;
    if (this.isNative) {
      const held = (await this.#ownOf({ origin })).get(name);
      return held === undefined
        ? null
        : { modelId: held.id, runId: null, root: held.artifactUri, folder: "" };
    }
    const run = await this.#asideRun(name, refs?.["run"]);
    if (run === null || !run.artifactUri || run.tags[asideTag(name)] === undefined) return null;
    return { modelId: null, runId: run.id, root: run.artifactUri, folder: `${asideFolder(name)}/files` };
  }

  async #asideRun(name: string, runName: string | undefined): Promise<MlflowRun | null> {
    const run = runName === undefined ? null : await runNamed(this.#scope, runName);
    return run?.tags[asideTag(name)] === undefined ? await findHolder(this.#scope, name) : run;
  }

  #ownOf({ origin }: Pick<UnitRecord, "origin">): Promise<Map<string, HeldLoggedModel>> {
    const source = sourceTag(origin.source);
    const known = this.#own.get(source);
    if (known !== undefined) return known;
    const asked = this.#list(source).catch((error) => {
      this.#own.delete(source);
      throw error;
    });
    this.#own.set(source, asked);
    return asked;
  }

  async #list(source: string): Promise<Map<string, HeldLoggedModel>> {
    const own = new Map<string, HeldLoggedModel>();
    const filter = source.includes("'") ? `tags.${SOURCE_TAG} LIKE '%'` : tagFilter(SOURCE_TAG, source);
    const ids = [...(await this.#experiments.all()).values()].filter(({ archived }) => !archived).map((
      { id },
    ) => id);
    for (let start = 0; start < ids.length; start += EXPERIMENTS) {
      const params = {
        experiment_ids: ids.slice(start, start + EXPERIMENTS),
        filter: filter ?? `tags.${SOURCE_TAG} LIKE '%'`,
        max_results: PAGE,
      };
      const list = { route: MLFLOW_ROUTES.loggedModels.search, params, key: "models" };
      for await (const page of assetPages(this.#reads(), list)) {
        for (const object of page) {
          const held = heldLoggedModel(object);
          const name = held?.tags[NAME_TAG];
          if (held !== null && name !== undefined && held.tags[SOURCE_TAG] === source) own.set(name, held);
        }
      }
    }
    return own;
  }

  #reads(): Parameters<typeof assetPages>[0] {
    return { signal: this.#scope.signal, ask: (route, details) => askFor(this.#scope, route, details) };
  }
}

/** Reads a logged model of an answer; null when it is none. */
export function heldLoggedModel(object: JsonObject | null): HeldLoggedModel | null {
  const info = objectAt(object, "info");
  const data = objectAt(object, "data");
  const id = textAt(info, "model_id");
  if (id === null) return null;
  return {
    id,
    status: textAt(info, "status") ?? "",
    artifactUri: textAt(info, "artifact_uri") ?? "",
    tags: pairsAt(info, "tags"),
    params: pairsAt(data, "params"),
    metrics: objectsAt(data, "metrics"),
  };
}
