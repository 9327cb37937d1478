import { buildCommand, type Command } from "@stricli/core";
import type { CliContext } from "../context.ts";
import { commonAliases, type CommonFlags, commonFlags } from "../flags/common_flags.ts";
import { type InputFlags, inputFlags } from "../flags/input_flags.ts";
import { type SelectionFlags, selectionFlags } from "../flags/selection_flags.ts";

type Flags = CommonFlags & InputFlags & SelectionFlags;

/** `azml filter`: the selection words of `extract` on a stream. */
export const filterCommand: Command<CliContext> = buildCommand<Flags, [], CliContext>({
  docs: {
    brief: "Keep the trees of a stream that were asked for, in the words of extract",
    fullDescription:
      "Reads records on stdin and writes those of the wanted trees on stdout, each line as it came. " +
      "Control records pass.\n\n  azml filter --experiment 'churn*' --status completed < archive.ndjson",
  },
  parameters: { flags: { ...selectionFlags, ...inputFlags, ...commonFlags }, aliases: commonAliases },
  async func(flags) {
    const { runStage } = await import("../run_stage.ts");
    await runStage(this, {
      name: "filter",
      flags,
      readsInput: true,
      allowEmpty: flags.allowEmpty,
      onInterrupt: "read_on",
      onClosedPipe: "stop",
      open: async (context) => {
        const [{ filter }, { readItems }, { selectionOf }] = await Promise.all([
          import("../../stages/filter.ts"),
          import("../../records/ndjson_read.ts"),
          import("../flags/selection_flags.ts"),
        ]);
        return filter(readItems(this.io.stdin, "filter"), { selection: await selectionOf(flags) }, context);
      },
    });
  },
});
