import { buildCommand, type Command } from "@stricli/core";
import type { CliContext } from "../context.ts";
import { commonAliases, type CommonFlags, commonFlags } from "../flags/common_flags.ts";
import { type InputFlags, inputFlags } from "../flags/input_flags.ts";
import { type PlanFlags, planFlags } from "../flags/plan_flags.ts";

interface TreeFlags {
  readonly tree: boolean;
}
type Flags = CommonFlags & InputFlags & PlanFlags & TreeFlags;

/** `azml plan`: job records to units. */
export const planCommand: Command<CliContext> = buildCommand<Flags, [], CliContext>({
  docs: {
    brief: "Turn records into units: what submit will make in the target",
    fullDescription:
      "Needs no credentials and no target. Units can be read, compared and edited with jq; values that " +
      "have to give way to a limit of the target stand under loss.\n\n" +
      "  azml plan --as runs < archive.ndjson | jq -c 'select(.loss != [])'",
  },
  parameters: {
    flags: {
      ...planFlags,
      tree: { kind: "boolean", default: false, brief: "Draw the hierarchy of the units on stderr" },
      ...inputFlags,
      ...commonFlags,
    },
    aliases: commonAliases,
  },
  async func(flags) {
    const { runStage } = await import("../run_stage.ts");
    await runStage(this, {
      name: "plan",
      flags,
      readsInput: true,
      allowEmpty: flags.allowEmpty,
      onInterrupt: "read_on",
      onClosedPipe: "stop",
      open: async (context) => {
        const [{ plan }, { drawAside }, { readItems }, { planOptionsOf }] = await Promise.all([
          import("../../stages/plan.ts"),
          import("../../stages/draw_aside.ts"),
          import("../../records/ndjson_read.ts"),
          import("../flags/plan_flags.ts"),
        ]);
        const units = plan(readItems(this.io.stdin, "plan"), planOptionsOf(flags), context);
        return flags.tree ? drawAside(units, (text) => this.io.note(text)) : units;
      },
    });
  },
});
