import type { FlagParametersForType } from "@stricli/core";
import type { CliContext } from "../context.ts";
import { wholeNumber } from "../parse.ts";

/** How many records are worked on at once; `--parallel` is the same word. */
export interface ConcurrencyFlags {
  readonly concurrency?: number;
  readonly parallel?: number;
}

const CONCURRENCY = 8;

/** See {@linkcode ConcurrencyFlags}. */
export const concurrencyFlags: FlagParametersForType<ConcurrencyFlags, CliContext> = {
  concurrency: {
    kind: "parsed",
    parse: wholeNumber(1),
    optional: true,
    brief: `How many records are worked on at once (${CONCURRENCY})`,
    placeholder: "n",
  },
  parallel: {
    kind: "parsed",
    parse: wholeNumber(1),
    optional: true,
    hidden: true,
    brief: "The same as --concurrency",
  },
};

/** How many at once, whichever of the two words was used. */
export function concurrencyOf(flags: ConcurrencyFlags): number {
  return flags.concurrency ?? flags.parallel ?? CONCURRENCY;
}
