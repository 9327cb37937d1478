import type { AssetRecord } from "../../../src/records/asset.ts";
import type { ModelVersionRecord } from "../../../src/records/model_version.ts";
import { SOURCE_TAG, sourceTag } from "../../../src/records/lineage_tags.ts";
import type { UnitRecord } from "../../../src/records/unit.ts";
import type { AssetSource, AssetTarget, FoundRun } from "../../../src/stages/ports.ts";
import { SOURCE } from "./samples.ts";

/** An experiment of a sample source. */
export function experiment(name: string): AssetRecord {
  return {
    kind: "experiment",
    v: 1,
    id: `id-${name}`,
    source: SOURCE,
    name,
    archived: false,
    tags: { a: "b" },
  };
}

/** A registered model. */
export function model(name: string): AssetRecord {
  return { kind: "model", v: 1, id: name, source: SOURCE, name, description: "d", tags: { a: "b" } };
}

/** A version of a model. */
export function version(name: string, number: number, fields: Partial<ModelVersionRecord> = {}): AssetRecord {
  return {
    kind: "model_version",
    v: 1,
    id: `${name}/${number}`,
    source: SOURCE,
    name,
    version: String(number),
    current_stage: "None",
    aliases: [],
    tags: {},
    ...fields,
  };
}

/** A registry in memory, as the target of assets and, once filled, their source. */
export class FakeAssets implements AssetTarget, AssetSource {
  readonly kinds = ["experiment", "model", "model_version"] as const;
  readonly held = new Map<string, { readonly unit: UnitRecord; readonly digest: string }>();
  /** What was carried, in the order of its beginning. */
  readonly begun: string[] = [];
  /** Names that carrying fails for. */
  readonly broken = new Map<string, Error>();
  /** Names in the target that azml did not make. */
  readonly foreign = new Set<string>();
  readonly seen: Record<string, number> = {};
  /** Awaited while a unit of this name is carried. */
  readonly slow = new Map<string, Promise<void>>();

  find(units: readonly UnitRecord[]): Promise<ReadonlyMap<string, FoundRun>> {
    const found = new Map<string, FoundRun>();
    for (const { target_name: name, origin, name: shown } of units) {
      const held = this.held.get(name);
      const source = sourceTag(origin.source);
      if (held !== undefined) {
        found.set(name, {
          name,
          target: `t-${name}`,
          origin: { source, id: origin.id },
          digest: held.digest,
        });
      } else if (this.foreign.has(shown ?? "")) {
        found.set(name, { name, target: `t-${name}`, origin: null, digest: null });
      }
    }
    return Promise.resolve(found);
  }

  async carry(unit: UnitRecord, _found: FoundRun | null, digest: string) {
    this.begun.push(unit.origin.id);
    await this.slow.get(unit.origin.id);
    const broken = this.broken.get(unit.origin.id);
    if (broken !== undefined) throw broken;
    this.held.set(unit.target_name, { unit, digest });
    const artifacts = { files: 0, bytes: 0, failed: [] };
    return { target: `t-${unit.target_name}`, loss: [], steps: ["tags"], artifacts };
  }

  async *list(kinds: readonly string[]) {
    await Promise.resolve();
    for (const { unit } of this.held.values()) {
      if (!kinds.includes(unit.role)) continue;
      const tags = { ...unit.tags, [SOURCE_TAG]: sourceTag(unit.origin.source), azml_id: unit.origin.id };
      const kind = unit.role;
      // The fields that these tests compare; a unit's role is its record's kind.
      const record = {
        ...unit.asset,
        kind,
        v: 1,
        id: unit.target_name,
        name: unit.name,
        tags,
      } as AssetRecord;
      const more = unit.role === "model_version" ? { version: unit.version } : {};
      yield [{
        kind: "asset" as const,
        record: { ...record, description: unit.description, ...more } as AssetRecord,
        faults: [],
        artifacts: null,
      }];
    }
  }

  leftOut() {
    return Promise.resolve(this.seen);
  }
}
