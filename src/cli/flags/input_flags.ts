import type { FlagParametersForType } from "@stricli/core";
import type { CliContext } from "../context.ts";

/** Flags of commands that read records. */
export interface InputFlags {
  readonly allowEmpty: boolean;
}

/** See {@linkcode InputFlags}. */
export const inputFlags: FlagParametersForType<InputFlags, CliContext> = {
  allowEmpty: { kind: "boolean", default: false, brief: "No records at all are no failure" },
};
