import type { ExperimentRecord } from "../records/experiment.ts";
import { shortHash } from "../records/short_hash.ts";
import { sourceTag } from "../records/lineage_tags.ts";
import type { UnitRecord } from "../records/unit.ts";
import type { FoundRun } from "../stages/ports.ts";
import { askFor, type AssetScope } from "./asset_scope.ts";
import { assetPages } from "./asset_pages.ts";
import { experimentRecord } from "./experiment_record.ts";
import { objectAt } from "./json_fields.ts";
import { MLFLOW_ROUTES } from "./routes.ts";

/** Experiments a page. */
const PAGE = 1000;

/**
 * Tag of a target's experiment for one experiment of one source: the digest of what azml brought of it last. Several
 * sources may share an experiment, so each has a tag of its own.
 */
export function experimentDigestTag(unit: UnitRecord): string {
  return `azml_digest.${shortHash(unit.target_name)}`;
}

/** Tag that tells, as JSON, where a share of an experiment comes from and which tags it brought. */
export function experimentOriginTag(unit: UnitRecord): string {
  return `azml_origin.${shortHash(unit.target_name)}`;
}

/** The experiments of a target, listed once, deleted ones too. */
export class ExperimentIndex {
  readonly #scope: AssetScope;
  #all: Promise<Map<string, ExperimentRecord>> | null = null;

  constructor(scope: AssetScope) {
    this.#scope = scope;
  }

  /** Experiments by name. Throws `Failure`. */
  all(): Promise<Map<string, ExperimentRecord>> {
    this.#all ??= this.#list().catch((error) => {
      this.#all = null;
      throw error;
    });
    return this.#all;
  }

  /** An experiment of that name counts as azml's own: runs of many sources share it. */
  async find(unit: UnitRecord): Promise<FoundRun | null> {
    const held = (await this.all()).get(unit.name ?? "");
    if (held === undefined) return null;
    const { source, id } = unit.origin;
    // A deleted one takes no runs, whatever is written on it.
    const isUsable = held.archived !== true;
    const digest = isUsable ? held.tags?.[experimentDigestTag(unit)] || null : null;
    return { name: unit.target_name, target: held.id, origin: { source: sourceTag(source), id }, digest };
  }

  /** Asks for one anew, and remembers it. Throws `Failure`. */
  async learn(name: string): Promise<ExperimentRecord | null> {
    const answer = await askFor(this.#scope, MLFLOW_ROUTES.experiments.getByName, {
      query: { experiment_name: name },
      accept: [404],
    });
    const object = objectAt(answer, "experiment");
    const held = object === null ? null : experimentRecord(object, this.#scope.server.id);
    if (held !== null) (await this.all()).set(name, held);
    return held;
  }

  async #list(): Promise<Map<string, ExperimentRecord>> {
    const { server, signal } = this.#scope;
    const held = new Map<string, ExperimentRecord>();
    const reads = {
      signal,
      ask: (route: Parameters<typeof askFor>[1], details: Parameters<typeof askFor>[2]) =>
        askFor(this.#scope, route, details),
    };
    const list = {
      route: MLFLOW_ROUTES.experiments.search,
      params: { max_results: PAGE, view_type: "ALL" },
      key: "experiments",
    };
    for await (const page of assetPages(reads, list)) {
      for (const object of page) {
        const experiment = experimentRecord(object, server.id);
        if (experiment !== null) held.set(experiment.name ?? experiment.id, experiment);
      }
    }
    return held;
  }
}
