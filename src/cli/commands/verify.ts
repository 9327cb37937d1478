import { buildCommand, type Command } from "@stricli/core";
import type { CliContext } from "../context.ts";
import { commonAliases, type CommonFlags, commonFlags } from "../flags/common_flags.ts";
import { type ConcurrencyFlags, concurrencyFlags, concurrencyOf } from "../flags/concurrency_flags.ts";
import { type InputFlags, inputFlags } from "../flags/input_flags.ts";
import { type PlanFlags, planFlags, planOptionsOf } from "../flags/plan_flags.ts";
import { text } from "../parse.ts";

interface OwnFlags {
  readonly target?: string;
  readonly receipts?: string;
}
type Flags = CommonFlags & ConcurrencyFlags & InputFlags & PlanFlags & OwnFlags;

/** `azml verify`: a target held against a stream. */
export const verifyCommand: Command<CliContext> = buildCommand<Flags, [], CliContext>({
  docs: {
    brief: "Look every record up in the target, field by field",
    fullDescription:
      "Reads only. Writes a diff for each record: = same, + only in the source, - only in the target,\n" +
      "* differs, ! could not be read. Give it the options that the history was planned with.\n\n" +
      "  azml verify --target target.json < archive.ndjson | jq -c 'select(.symbol != \"=\")'",
  },
  parameters: {
    flags: {
      target: {
        kind: "parsed",
        parse: text,
        optional: true,
        brief:
          "Config file, workspace id or tracking URI to look in (else ./.azureml/config.json or ./config.json)",
        placeholder: "target",
      },
      receipts: {
        kind: "parsed",
        parse: text,
        optional: true,
        brief: "Receipts of submit: a loss that they tell of is no difference",
        placeholder: "file",
      },
      ...planFlags,
      ...concurrencyFlags,
      ...inputFlags,
      ...commonFlags,
    },
    aliases: commonAliases,
  },
  async func(flags) {
    const { runStage } = await import("../run_stage.ts");
    await runStage(this, {
      name: "verify",
      flags,
      readsInput: true,
      allowEmpty: flags.allowEmpty,
      onInterrupt: "stop",
      onClosedPipe: "stop",
      open: async (context) => {
        const [{ verify }, { openSource }, { readItems }, { readLosses }] = await Promise.all([
          import("../../stages/verify.ts"),
          import("../endpoints.ts"),
          import("../../records/ndjson_read.ts"),
          import("../read_losses.ts"),
        ]);
        const concurrency = concurrencyOf(flags);
        const receipts = flags.receipts === undefined ? {} : { receipts: await readLosses(flags.receipts) };
        const target = await openSource(flags.target, { io: this.io, concurrency, ...context });
        const options = { plan: planOptionsOf(flags), concurrency, ...receipts };
        return verify(readItems(this.io.stdin, "verify"), target, options, context);
      },
    });
  },
});
