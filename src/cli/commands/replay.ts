import { buildCommand, type Command } from "@stricli/core";
import type { CliContext } from "../context.ts";
import { commonAliases, type CommonFlags, commonFlags } from "../flags/common_flags.ts";
import { type ConcurrencyFlags, concurrencyFlags, concurrencyOf } from "../flags/concurrency_flags.ts";
import { type ExtractFlags, extractFlags } from "../flags/extract_flags.ts";
import { type PlanFlags, planFlags, planOptionsOf } from "../flags/plan_flags.ts";
import { type SelectionFlags, selectionFlags, selectionOf } from "../flags/selection_flags.ts";
import { mlflowOptionsOf, type SubmitFlags, submitFlags, submitOptionsOf } from "../flags/submit_flags.ts";

type Flags = CommonFlags & ConcurrencyFlags & ExtractFlags & SelectionFlags & PlanFlags & SubmitFlags;

/** `azml replay`: extract, plan and submit in one process. */
export const replayCommand: Command<CliContext> = buildCommand<Flags, [], CliContext>({
  docs: {
    brief: "Extract, plan and submit in one process",
    fullDescription: "The same stages as in a pipe; no archive is left behind.\n\n" +
      "  azml replay --source source.json --target target.json > receipts.ndjson",
  },
  parameters: {
    flags: {
      ...extractFlags,
      ...submitFlags,
      ...selectionFlags,
      ...planFlags,
      ...concurrencyFlags,
      ...commonFlags,
    },
    aliases: commonAliases,
  },
  async func(flags) {
    const { runStage } = await import("../run_stage.ts");
    await runStage(this, {
      name: "replay",
      stage: "submit",
      flags,
      readsInput: false,
      onInterrupt: "stop",
      onClosedPipe: "go_on",
      ...(flags.maxDuration === undefined ? {} : { maxDurationMs: flags.maxDuration }),
      open: async (context) => {
        const [{ replay }, { openSource, openTarget }] = await Promise.all([
          import("../../stages/replay.ts"),
          import("../endpoints.ts"),
        ]);
        const concurrency = concurrencyOf(flags);
        const selection = await selectionOf(flags);
        const sides = { io: this.io, concurrency, ...context };
        const source = await openSource(flags.source, sides);
        const target = await openTarget(flags.target, {
          ...sides,
          dryRun: flags.dryRun,
          copyArtifacts: !flags.noCopyArtifacts,
          mlflow: mlflowOptionsOf(flags, this.io.env),
          source: { arg: flags.source ?? null },
        });
        return replay(source, target, {
          extract: { selection, artifacts: !flags.noArtifacts, metrics: flags.metrics, concurrency },
          submit: { ...submitOptionsOf(flags), plan: planOptionsOf(flags), concurrency },
        }, context);
      },
    });
  },
});
