import type { Command } from "@stricli/core";
import { helpCommand } from "./commands/help.ts";
import { versionCommand } from "./commands/version.ts";
import type { CliContext } from "./context.ts";

/** Every command of azml. A new one is one file and one line here. */
export const COMMANDS: Readonly<Record<string, Command<CliContext>>> = {
  version: versionCommand,
  help: helpCommand,
};
