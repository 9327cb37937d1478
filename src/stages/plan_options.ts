import type { As, For } from "../records/unit.ts";

/** A new name for an experiment or a model. */
export interface Rename {
  /** Exact name in the source. */
  readonly from: string;
  readonly to: string;
}

/** How jobs become units. Everything has a default, so `{}` will do. */
export interface PlanOptions {
  /** `runs` unless said otherwise; synthetic jobs (`jobs`) are not there yet and refused. */
  readonly as?: As;
  /** The world to plan for; by default the one that each record comes from. */
  readonly for?: For;
  readonly renames?: readonly Rename[];
  /** Put before every experiment name, after renaming. */
  readonly experimentPrefix?: string;
  readonly modelRenames?: readonly Rename[];
  /** Put before every model name, after renaming. */
  readonly modelPrefix?: string;
}

/** {@linkcode PlanOptions} as the planning code reads them. */
export interface PlanSettings {
  readonly as: "runs";
  readonly worldOf: (source: string | null | undefined) => For;
  readonly experimentName: (name: string) => string;
  readonly modelName: (name: string) => string;
}
