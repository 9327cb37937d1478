import type { PlanOptions } from "./plan_options.ts";

/** How a target is held against a stream. Everything has a default, so `{}` will do. */
export interface VerifyOptions {
  /** The options that the history was planned with; `for` is best said (the world of the target). */
  readonly plan?: PlanOptions;
  /** For each unit id the fields of the losses in its receipt: what was said is no difference. */
  readonly receipts?: ReadonlyMap<string, readonly string[]>;
  /** Jobs compared at once; 8 unless said otherwise. */
  readonly concurrency?: number;
  /** Whether objects of these sources that are in the target alone are looked for; true unless said otherwise. */
  readonly extras?: boolean;
}
