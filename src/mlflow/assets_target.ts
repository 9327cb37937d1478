import { foreseenOf } from "./asset_foresight.ts";
import { ASSET_KINDS, type AssetKind } from "../records/asset.ts";
import type { UnitRecord } from "../records/unit.ts";
import type { AssetOutcome, AssetTarget, FoundRun } from "../stages/ports.ts";
import type { AssetDeps, AssetScope } from "./asset_scope.ts";
import { carryExperiment } from "./experiment_carry.ts";
import { ExperimentIndex } from "./experiment_index.ts";
import { inTurns } from "./in_turns.ts";
import { carryLoggedModelAside } from "./logged_model_aside.ts";
import { carryLoggedModel } from "./logged_model_carry.ts";
import { LoggedModelIndex } from "./logged_model_index.ts";
import { RegistryIndex } from "./registry_index.ts";
import { carryModel, isOfSource } from "./registry_model_carry.ts";
import { VersionNumbers } from "./registry_numbers.ts";
import { settleReplaced } from "./registry_replace.ts";
import { carryVersion } from "./registry_version_carry.ts";
import type { MlflowServer } from "./server.ts";

/** How one kind of object is found and carried. */
interface KindOfAsset {
  readonly find: (unit: UnitRecord) => Promise<FoundRun | null>;
  readonly carry: (unit: UnitRecord, digest: string) => Promise<AssetOutcome>;
}

/**
 * How an MLflow server takes what is beside runs. Objects of azml's are known by their tags `azml_source`, `azml_id` and
 * `azml_name`, and are looked up once a source, in bulk; the tag `azml_digest` comes last and says that all of one
 * landed. Sends nothing until it is used.
 */
export function createMlflowAssetTarget(server: MlflowServer, deps: AssetDeps): AssetTarget {
  const scope: AssetScope = { ...deps, server };
  const experiments = new ExperimentIndex(scope);
  const registry = new RegistryIndex(scope);
  const loggedModels = new LoggedModelIndex(scope, experiments);
  const readers = { index: registry, loggedModels, numbers: new VersionNumbers(scope, registry) };
  const kinds: Readonly<Record<AssetKind, KindOfAsset>> = {
    experiment: {
      find: (unit) => experiments.find(unit),
      carry: (unit, digest) => carryExperiment(scope, experiments, unit, digest),
    },
    logged_model: {
      find: (unit) => loggedModels.find(unit),
      carry: (unit, digest) =>
        loggedModels.isNative
          ? carryLoggedModel(scope, loggedModels, unit, digest)
          : carryLoggedModelAside(scope, unit, digest),
    },
    model: {
      find: (unit) => findModel(scope, registry, unit),
      carry: (unit, digest) => carryModel(scope, registry, unit, digest),
    },
    model_version: {
      find: (unit) => registry.findVersion(unit),
      carry: (unit, digest) => carryVersion(scope, readers, unit, digest),
    },
  };
  const kindOf = ({ role }: UnitRecord): KindOfAsset | null => {
    const kind = ASSET_KINDS.find((known) => known === role);
    return kind === undefined ? null : kinds[kind];
  };
  return {
    kinds: ASSET_KINDS,
    keepsNumbers: scope.keepVersionNumbers ?? false,
    async find(units) {
      const found = new Map<string, FoundRun>();
      await inTurns(units, scope.concurrency, async (unit) => {
        const one = await kindOf(unit)?.find(unit) ?? null;
        if (one !== null) found.set(unit.target_name, one);
      });
      return found;
    },
    foresee: (unit, found) => foreseenOf(unit, found, loggedModels.isNative),
    carry(unit, _found, digest) {
      const kind = kindOf(unit);
      if (kind === null) throw new Error(`"${unit.role}" is no object beside the jobs`);
      return kind.carry(unit, digest);
    },
    settle: async (isWhole) => {
      if (scope.replaceModels) await settleReplaced(scope, await registry.models(), isWhole);
    },
  };
}

/** A model that is to be replaced is as good as not there. */
async function findModel(
  scope: AssetScope,
  registry: RegistryIndex,
  unit: UnitRecord,
): Promise<FoundRun | null> {
  const held = scope.replaceModels ? (await registry.models()).get(unit.name ?? "") : undefined;
  return held !== undefined && !isOfSource(held, unit) ? null : await registry.findModel(unit);
}
