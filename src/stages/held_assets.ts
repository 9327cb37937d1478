import type { AssetRecord } from "../records/asset.ts";
import { ID_TAG, SOURCE_TAG, sourceTag } from "../records/lineage_tags.ts";
import type { UnitRecord } from "../records/unit.ts";
import type { AssetSource, FoundAsset } from "./ports.ts";

/** An object that was read. */
export type HeldAsset = Extract<FoundAsset, { readonly kind: "asset" }>;

/** What is asked of a target: everything that it has. */
const ALL = { keep: () => true, model: () => true, archived: "include", latest: false } as const;

/** The kinds that are listed together. */
const LISTS = [["experiment"], ["logged_model"], ["model", "model_version"]] as const;

/**
 * The objects beside the jobs that a target holds, each kind listed when it is first asked for: found by the tags that
 * azml left, or else by their names. Holds their records in memory: they are few, beside the runs.
 */
export class HeldAssets {
  readonly #source: AssetSource;
  readonly #lists = new Map<string, Promise<ReadonlyMap<string, HeldAsset>>>();

  constructor(source: AssetSource) {
    this.#source = source;
  }

  /** The object of a unit; null when it is not there. Throws what listing threw. */
  async get(unit: UnitRecord): Promise<HeldAsset | null> {
    const list = LISTS.find((kinds) => kinds.some((kind) => kind === unit.role));
    if (list === undefined) return null;
    const held = await this.#list(list);
    return held.get(originKey(unit.role, sourceTag(unit.origin.source), unit.origin.id)) ??
      held.get(nameKey(unit.role, unit.name ?? "", unit.version ?? "")) ?? null;
  }

  #list(kinds: typeof LISTS[number]): Promise<ReadonlyMap<string, HeldAsset>> {
    const known = this.#lists.get(kinds[0]) ?? this.#read(kinds);
    this.#lists.set(kinds[0], known);
    return known;
  }

  async #read(kinds: typeof LISTS[number]): Promise<ReadonlyMap<string, HeldAsset>> {
    const held = new Map<string, HeldAsset>();
    const wanted = kinds.filter((kind) => this.#source.kinds.includes(kind));
    if (wanted.length === 0) return held;
    for await (const batch of this.#source.list(wanted, ALL)) {
      for (const found of batch) if (found.kind === "asset") note(held, found);
    }
    return held;
  }
}

function note(held: Map<string, HeldAsset>, found: HeldAsset): void {
  const { record } = found;
  const id = record.tags?.[ID_TAG];
  if (id !== undefined) held.set(originKey(record.kind, record.tags?.[SOURCE_TAG] ?? "", id), found);
  else held.set(nameKey(record.kind, record.name ?? record.id, versionOf(record)), found);
  // An experiment is shared: its tags name but one of those that were brought into it.
  if (record.kind === "experiment") held.set(nameKey(record.kind, record.name ?? record.id, ""), found);
}

function versionOf(record: AssetRecord): string {
  return record.kind === "model_version" ? record.version ?? "" : "";
}

function originKey(kind: string, source: string, id: string): string {
  return JSON.stringify([kind, source.toLowerCase(), id]);
}

function nameKey(kind: string, name: string, version: string): string {
  return JSON.stringify([kind, name, version]);
}
