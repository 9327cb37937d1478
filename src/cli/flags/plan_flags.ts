import type { FlagParametersForType } from "@stricli/core";
import { Failure } from "../../records/failure.ts";
import type { PlanOptions, Rename } from "../../stages/plan_options.ts";
import { literal, splitWords } from "../../stages/split_words.ts";
import type { CliContext } from "../context.ts";
import { text } from "../parse.ts";

/** How jobs become units. */
export interface PlanFlags {
  readonly as: "runs";
  readonly for?: "azureml" | "mlflow";
  readonly renameExperiment?: readonly string[];
  readonly experimentPrefix?: string;
  readonly renameModel?: readonly string[];
  readonly modelPrefix?: string;
}

/** See {@linkcode PlanFlags}. */
export const planFlags: FlagParametersForType<PlanFlags, CliContext> = {
  as: { kind: "enum", values: ["runs"], default: "runs", brief: "Replay as finished runs, without compute" },
  for: {
    kind: "enum",
    values: ["azureml", "mlflow"],
    optional: true,
    brief: "Whose limits to keep to (else those of the world the records come from)",
  },
  renameExperiment: {
    kind: "parsed",
    parse: text,
    variadic: true,
    optional: true,
    brief: "Give an experiment another name (comma list, repeatable)",
    placeholder: "OLD=NEW",
  },
  experimentPrefix: {
    kind: "parsed",
    parse: text,
    optional: true,
    brief: "Put this before every experiment name, after renaming",
    placeholder: "prefix",
  },
  renameModel: {
    kind: "parsed",
    parse: text,
    variadic: true,
    optional: true,
    brief: "Give a registered model another name (comma list, repeatable)",
    placeholder: "OLD=NEW",
  },
  modelPrefix: {
    kind: "parsed",
    parse: text,
    optional: true,
    brief: "Put this before every model name, after renaming",
    placeholder: "prefix",
  },
};

/** Reads the flags; `Failure` of reach `usage` when a rename is no `OLD=NEW`. */
export function planOptionsOf(flags: PlanFlags): PlanOptions {
  return {
    as: flags.as,
    renames: renamesOf("--rename-experiment", flags.renameExperiment),
    modelRenames: renamesOf("--rename-model", flags.renameModel),
    ...(flags.for ? { for: flags.for } : {}),
    ...(flags.experimentPrefix === undefined ? {} : { experimentPrefix: flags.experimentPrefix }),
    ...(flags.modelPrefix === undefined ? {} : { modelPrefix: flags.modelPrefix }),
  };
}

function renamesOf(option: string, words: readonly string[] | undefined): readonly Rename[] {
  return splitWords(words ?? []).map((word) => renameOf(option, word));
}

function renameOf(option: string, word: string): Rename {
  // The first `=` that no backslash stands before parts the two names.
  const [, from = "", to = ""] = /^((?:\\[\s\S]|[^\\=])+)=([\s\S]+)$/.exec(word) ?? [];
  if (from !== "" && to !== "") return { from: literal(from), to: literal(to) };
  throw new Failure(`${option} ${word} is not OLD=NEW`, {
    code: "bad_option",
    reach: "usage",
    retryable: false,
    hint: `write e.g. ${option} churn=churn-2024; a comma or = in a name is escaped with a backslash`,
  });
}
