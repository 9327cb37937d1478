import type { Command } from "@stricli/core";
import { extractCommand } from "./commands/extract.ts";
import { filterCommand } from "./commands/filter.ts";
import { helpCommand } from "./commands/help.ts";
import { planCommand } from "./commands/plan.ts";
import { replayCommand } from "./commands/replay.ts";
import { schemaCommand } from "./commands/schema.ts";
import { submitCommand } from "./commands/submit.ts";
import { treeCommand } from "./commands/tree.ts";
import { verifyCommand } from "./commands/verify.ts";
import { versionCommand } from "./commands/version.ts";
import type { CliContext } from "./context.ts";

/** Every command of azml. A new one is one file and one line here. */
export const COMMANDS: Readonly<Record<string, Command<CliContext>>> = {
  extract: extractCommand,
  filter: filterCommand,
  plan: planCommand,
  submit: submitCommand,
  replay: replayCommand,
  verify: verifyCommand,
  tree: treeCommand,
  schema: schemaCommand,
  version: versionCommand,
  help: helpCommand,
};

/** Those that read records on stdin, and no files. */
export const READ_RECORDS: ReadonlySet<string> = new Set(["filter", "plan", "submit", "verify", "tree"]);
