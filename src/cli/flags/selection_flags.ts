import type { FlagParametersForType } from "@stricli/core";
import { Failure } from "../../records/failure.ts";
import { readSelection, type Selection } from "../../stages/selection.ts";
import type { CliContext } from "../context.ts";
import { text, wholeNumber } from "../parse.ts";

/** The words of `extract` and `filter` that say which jobs are wanted. */
export interface SelectionFlags {
  readonly include?: readonly string[];
  readonly includeFile?: string;
  readonly experiment?: readonly string[];
  readonly status?: readonly string[];
  readonly type?: readonly string[];
  readonly tag?: readonly string[];
  readonly createdAfter?: string;
  readonly createdBefore?: string;
  readonly maxDepth?: number;
  readonly archived?: "exclude" | "include" | "only";
  readonly deleted?: "exclude" | "include" | "only";
  readonly runIds?: readonly string[];
  readonly limit?: number;
  readonly kinds?: readonly string[];
  readonly models?: readonly string[];
  readonly modelVersions?: readonly string[];
  readonly stages?: readonly string[];
}

const list = (brief: string, placeholder: string) =>
  ({ kind: "parsed", parse: text, variadic: true, optional: true, brief, placeholder }) as const;
const one = (brief: string, placeholder: string) =>
  ({ kind: "parsed", parse: text, optional: true, brief, placeholder }) as const;

/** Reads the words of the flags; `Failure` of reach `usage` or `disk` when they do not hold. */
export async function selectionOf(
  flags: SelectionFlags & { readonly latestVersions?: boolean },
): Promise<Selection> {
  const { includeFile, ...words } = flags;
  if (includeFile === undefined) return readSelection(words);
  return readSelection({ ...words, includeFile: await readLines(includeFile) });
}

async function readLines(path: string): Promise<string[]> {
  try {
    return (await Deno.readTextFile(path)).split(/\r?\n/);
  } catch (cause) {
    throw new Failure(
      `--include-file ${path} cannot be read: ${cause instanceof Error ? cause.message : cause}`,
      {
        code: "include_file",
        reach: "usage",
        retryable: false,
        cause,
      },
    );
  }
}

/** See {@linkcode SelectionFlags}. */
export const selectionFlags: FlagParametersForType<SelectionFlags, CliContext> = {
  include: list("Only these jobs or runs, with their descendants (comma list, repeatable)", "ids"),
  includeFile: one("File of ids for --include, one a line", "file"),
  experiment: list("Trees of experiments whose whole name matches (*, ?, [...])", "globs"),
  status: list("Trees whose root has one of these statuses (case ignored)", "words"),
  type: list("Trees whose root is of one of these types (case ignored)", "words"),
  tag: list("Trees whose root has this tag, or this value of it; repeated: all of them", "k[=v]"),
  createdAfter: one("Trees created at this time (RFC 3339 or a date, UTC) or later", "time"),
  createdBefore: one("Trees created before this time", "time"),
  maxDepth: {
    kind: "parsed",
    parse: wholeNumber(0),
    optional: true,
    brief: "Leave out what lies deeper below each root (0: roots alone)",
    placeholder: "n",
  },
  archived: {
    kind: "enum",
    values: ["exclude", "include", "only"],
    optional: true,
    brief: "What to do with archived trees (extract leaves them out unless --include names them)",
  },
  deleted: {
    kind: "enum",
    values: ["exclude", "include", "only"],
    optional: true,
    brief: "MLflow's word for --archived",
  },
  runIds: list("MLflow's word for --include", "ids"),
  kinds: list("Only records of these kinds: job, experiment, model, model_version, logged_model", "kinds"),
  models: list("Only models (and versions of models) whose whole name matches", "globs"),
  modelVersions: list("Only these versions of models", "name/version"),
  stages: list("Only versions of models in these stages (case ignored)", "words"),
  limit: {
    kind: "parsed",
    parse: wholeNumber(1),
    optional: true,
    brief: "At most this many trees",
    placeholder: "n",
  },
};
