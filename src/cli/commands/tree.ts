import { buildCommand, type Command } from "@stricli/core";
import type { CliContext } from "../context.ts";
import { commonAliases, type CommonFlags, commonFlags } from "../flags/common_flags.ts";
import { type InputFlags, inputFlags } from "../flags/input_flags.ts";

type Flags = CommonFlags & InputFlags;

/** `azml tree`: the hierarchy of a stream, drawn. */
export const treeCommand: Command<CliContext> = buildCommand<Flags, [], CliContext>({
  docs: {
    brief: "Draw the hierarchy of a stream of jobs, units or receipts",
    fullDescription: "  azml tree < archive.ndjson",
  },
  parameters: { flags: { ...inputFlags, ...commonFlags }, aliases: commonAliases },
  async func(flags) {
    const [{ runText }, { tree }, { readItems }] = await Promise.all([
      import("../run_text.ts"),
      import("../../stages/tree.ts"),
      import("../../records/ndjson_read.ts"),
    ]);
    await runText(this, {
      name: "tree",
      flags,
      allowEmpty: flags.allowEmpty,
      open: (context, tally) => tree(readItems(this.io.stdin, "tree"), context, tally),
    });
  },
});
