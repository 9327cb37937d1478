import { buildCommand, type Command } from "@stricli/core";
import type { CliContext } from "../context.ts";
import { commonAliases, type CommonFlags, commonFlags } from "../flags/common_flags.ts";
import { type ConcurrencyFlags, concurrencyFlags, concurrencyOf } from "../flags/concurrency_flags.ts";
import { type InputFlags, inputFlags } from "../flags/input_flags.ts";
import { type PlanFlags, planFlags, planOptionsOf } from "../flags/plan_flags.ts";
import { mlflowOptionsOf, type SubmitFlags, submitFlags, submitOptionsOf } from "../flags/submit_flags.ts";
import { text, wholeNumber } from "../parse.ts";

interface OwnFlags {
  readonly source?: string;
  readonly limit?: number;
}
type Flags = CommonFlags & ConcurrencyFlags & InputFlags & PlanFlags & SubmitFlags & OwnFlags;

/** `azml submit`: units, or records, into a target. */
export const submitCommand: Command<CliContext> = buildCommand<Flags, [], CliContext>({
  docs: {
    brief: "Make units, or records (planned on the way), in a target and write a receipt for each",
    fullDescription:
      "Run it again to continue: what the target holds is found by asking it, and is left unchanged.\n\n" +
      "  azml submit --as runs --target target.json < archive.ndjson > receipts.ndjson\n" +
      "  azml submit --as runs --target target.json --dry-run < archive.ndjson",
  },
  parameters: {
    flags: {
      ...submitFlags,
      source: {
        kind: "parsed",
        parse: text,
        optional: true,
        brief: "Read artifact bytes with this config (else from the workspace that each record names)",
        placeholder: "source",
      },
      limit: {
        kind: "parsed",
        parse: wholeNumber(1),
        optional: true,
        brief: "At most this many trees",
        placeholder: "n",
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
      name: "submit",
      flags,
      readsInput: true,
      allowEmpty: flags.allowEmpty,
      onInterrupt: "stop",
      onClosedPipe: "go_on",
      ...(flags.maxDuration === undefined ? {} : { maxDurationMs: flags.maxDuration }),
      open: async (context) => {
        const [{ submit }, { openTarget }, { readItems }] = await Promise.all([
          import("../../stages/submit.ts"),
          import("../endpoints.ts"),
          import("../../records/ndjson_read.ts"),
        ]);
        const concurrency = concurrencyOf(flags);
        const target = await openTarget(flags.target, {
          io: this.io,
          concurrency,
          dryRun: flags.dryRun,
          copyArtifacts: !flags.noCopyArtifacts,
          mlflow: mlflowOptionsOf(flags, this.io.env),
          source: flags.source === undefined ? null : { arg: flags.source },
          ...context,
        });
        const limit = flags.limit === undefined ? {} : { limit: flags.limit };
        const options = { ...submitOptionsOf(flags), ...limit, plan: planOptionsOf(flags), concurrency };
        return submit(readItems(this.io.stdin, "submit"), target, options, context);
      },
    });
  },
});
