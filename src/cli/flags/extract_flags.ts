import type { FlagParametersForType } from "@stricli/core";
import type { CliContext } from "../context.ts";
import { text } from "../parse.ts";

/** What `extract` (and so `replay`) reads, and what it may leave out to be cheaper. */
export interface ExtractFlags {
  readonly source?: string;
  readonly noArtifacts: boolean;
  readonly metrics: "full" | "last" | "none";
  readonly latestVersions: boolean;
}

/** See {@linkcode ExtractFlags}. */
export const extractFlags: FlagParametersForType<ExtractFlags, CliContext> = {
  source: {
    kind: "parsed",
    parse: text,
    optional: true,
    brief: "Config file, workspace id or tracking URI to read (else ./.azureml/config.json or ./config.json)",
    placeholder: "source",
  },
  noArtifacts: { kind: "boolean", default: false, brief: "Do not list artifacts" },
  metrics: {
    kind: "enum",
    values: ["full", "last", "none"],
    default: "full",
    brief: "Whole metric histories, the last value of each, or none",
  },
  latestVersions: {
    kind: "boolean",
    default: false,
    brief: "Of each model only the newest version of each stage",
  },
};
