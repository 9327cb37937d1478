import type { FlagParametersForType } from "@stricli/core";
import type { CliContext } from "../context.ts";
import type { LogOptions } from "../log.ts";

/** Flags that every command has. */
export interface CommonFlags {
  readonly logFormat: "text" | "json";
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** See {@linkcode CommonFlags}. */
export const commonFlags: FlagParametersForType<CommonFlags, CliContext> = {
  logFormat: {
    kind: "enum",
    values: ["text", "json"],
    default: "text",
    brief: "Lines on stderr as text or NDJSON",
  },
  quiet: { kind: "boolean", default: false, brief: "Only warnings and errors on stderr" },
  verbose: { kind: "boolean", default: false, brief: "More on stderr: requests, retries, routes" },
};

/** Single letters for {@linkcode commonFlags}. */
export const commonAliases = { q: "quiet", v: "verbose" } as const;

/** How to log, as the flags say. */
export function logOptionsOf(flags: CommonFlags): LogOptions {
  return { format: flags.logFormat, level: flags.quiet ? "quiet" : flags.verbose ? "verbose" : "normal" };
}
