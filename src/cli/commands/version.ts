import { buildCommand, type Command } from "@stricli/core";
import type { CliContext } from "../context.ts";
import { printPage } from "../print_page.ts";
import { VERSION } from "../version.ts";

/** `azml version`. */
export const versionCommand: Command<CliContext> = buildCommand<Record<never, never>, [], CliContext>({
  docs: { brief: "Print the version" },
  parameters: { flags: {} },
  async func() {
    await printPage(this.io, `azml ${VERSION}\n`);
  },
});
