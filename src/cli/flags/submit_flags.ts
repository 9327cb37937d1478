import type { FlagParametersForType } from "@stricli/core";
import type { SubmitOptions } from "../../stages/submit_options.ts";
import type { CliContext } from "../context.ts";
import { duration, text, wholeNumber } from "../parse.ts";

/** How units are carried out in a target. */
export interface SubmitFlags {
  readonly target?: string;
  readonly dryRun: boolean;
  readonly noCopyArtifacts: boolean;
  readonly onConflict: "skip" | "update" | "fail";
  readonly onError: "continue" | "stop";
  readonly maxErrors?: number;
  readonly requireComplete: boolean;
  readonly maxDuration?: number;
  readonly restoreDeleted: boolean;
  readonly noUseSourceUser: boolean;
  readonly keepMlmodel: boolean;
  readonly keepVersionNumbers: boolean;
  readonly replaceModels: boolean;
}

/** See {@linkcode SubmitFlags}. */
export const submitFlags: FlagParametersForType<SubmitFlags, CliContext> = {
  target: {
    kind: "parsed",
    parse: text,
    optional: true,
    brief:
      "Config file, workspace id or tracking URI to write to (else ./.azureml/config.json or ./config.json)",
    placeholder: "target",
  },
  dryRun: {
    kind: "boolean",
    default: false,
    brief: "Only look: the receipts that would be; nothing is changed",
  },
  noCopyArtifacts: { kind: "boolean", default: false, brief: "Leave the bytes of artifacts where they are" },
  onConflict: {
    kind: "enum",
    values: ["skip", "update", "fail"],
    default: "skip",
    brief: "When the name exists in the target and was not made by azml for this job",
  },
  onError: {
    kind: "enum",
    values: ["continue", "stop"],
    default: "continue",
    brief: "After a record that failed: go on, or start nothing new",
  },
  maxErrors: {
    kind: "parsed",
    parse: wholeNumber(1),
    optional: true,
    brief: "Start nothing new after so many failed records",
    placeholder: "n",
  },
  requireComplete: {
    kind: "boolean",
    default: false,
    brief: "Write nothing unless the input ends with an end record that says it is complete",
  },
  maxDuration: {
    kind: "parsed",
    parse: duration,
    optional: true,
    brief: "Stop as after Ctrl-C when this time is over, e.g. 90m (exit 5)",
    placeholder: "time",
  },
  restoreDeleted: {
    kind: "boolean",
    default: false,
    brief: "MLflow: bring a deleted experiment of the target back when runs go there (else an error)",
  },
  noUseSourceUser: {
    kind: "boolean",
    default: false,
    brief: "MLflow: runs belong to who imports them, not to the source's user",
  },
  keepMlmodel: {
    kind: "boolean",
    default: false,
    brief: "MLflow: leave MLmodel files as they are, with the source's run ids in them",
  },
  keepVersionNumbers: {
    kind: "boolean",
    default: false,
    brief: "MLflow: keep the version numbers of models, gaps too (else they close up)",
  },
  replaceModels: {
    kind: "boolean",
    default: false,
    brief: "MLflow: replace models of the same name that azml did not make; they go when the new ones stand",
  },
};

/** What the flags say to the stage, beside how jobs are planned and how many go at once. */
export function submitOptionsOf(flags: SubmitFlags): SubmitOptions {
  return {
    dryRun: flags.dryRun,
    copyArtifacts: !flags.noCopyArtifacts,
    onConflict: flags.onConflict,
    onError: flags.onError,
    requireComplete: flags.requireComplete,
    ...(flags.maxErrors === undefined ? {} : { maxErrors: flags.maxErrors }),
  };
}

/** Variables that name who is at work, in the order in which Python's `getpass.getuser` (MLflow's own way) looks. */
const USER_VARIABLES = ["LOGNAME", "USER", "LNAME", "USERNAME"] as const;

/** What the flags say to an MLflow server alone. `env` tells who imports. */
export function mlflowOptionsOf(flags: SubmitFlags, env: (name: string) => string | undefined) {
  const user = USER_VARIABLES.map(env).find((name) => name);
  return {
    ...(user === undefined ? {} : { user }),
    restoreDeleted: flags.restoreDeleted,
    useSourceUser: !flags.noUseSourceUser,
    keepMlmodel: flags.keepMlmodel,
    keepVersionNumbers: flags.keepVersionNumbers,
    replaceModels: flags.replaceModels,
  };
}
