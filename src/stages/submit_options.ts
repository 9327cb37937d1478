import type { PlanOptions } from "./plan_options.ts";

/** How units are carried out. Everything has a default, so `{}` will do. */
export interface SubmitOptions {
  /**
   * For job records that come in; `for` is by default the world of the target. Records of the target itself are
   * refused unless `renames` or `experimentPrefix` are given here. Of units that were planned before, nothing tells
   * whether their experiments were renamed: they are judged by these options, too.
   */
  readonly plan?: PlanOptions;
  /** Only look: the receipts that would be, and no request that changes anything. */
  readonly dryRun?: boolean;
  /** Copy the bytes of artifacts; true unless said otherwise. */
  readonly copyArtifacts?: boolean;
  /** What to do where the name exists and is not azml's: `skip` unless said otherwise (the receipt says `conflict`). */
  readonly onConflict?: "skip" | "update" | "fail";
  readonly onError?: "continue" | "stop";
  /** Stop after so many failed units. */
  readonly maxErrors?: number;
  /** At most this many trees. */
  readonly limit?: number;
  /** Take nothing before the whole input has come and its `end` says that it is complete. */
  readonly requireComplete?: boolean;
  /** Units carried at once; 8 unless said otherwise. */
  readonly concurrency?: number;
}

/** {@linkcode SubmitOptions} with nothing left open, as the submitting code reads them. */
export interface SubmitSettings {
  readonly dryRun: boolean;
  readonly copyArtifacts: boolean;
  readonly onConflict: "skip" | "update" | "fail";
  /** Whether copying inside one workspace was asked for, by another name for experiments. */
  readonly intoItself: boolean;
  /** Failed units after which nothing new starts; `Infinity` for never. */
  readonly failuresAllowed: number;
  readonly limit: number;
  readonly concurrency: number;
}

const CONCURRENCY = 8;

/** Completes submit's options with their defaults. */
export function submitSettings(options: SubmitOptions): SubmitSettings {
  return {
    dryRun: options.dryRun ?? false,
    copyArtifacts: options.copyArtifacts ?? true,
    onConflict: options.onConflict ?? "skip",
    intoItself: givesOtherNames(options.plan),
    failuresAllowed: options.onError === "stop" ? 1 : options.maxErrors ?? Infinity,
    limit: options.limit ?? Infinity,
    concurrency: Math.max(1, options.concurrency ?? CONCURRENCY),
  };
}

function givesOtherNames(plan: PlanOptions = {}): boolean {
  const { renames, experimentPrefix, modelRenames, modelPrefix } = plan;
  return Boolean(renames?.length || experimentPrefix || modelRenames?.length || modelPrefix);
}
