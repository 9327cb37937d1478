import { buildCommand, type Command } from "@stricli/core";
import type { CliContext } from "../context.ts";
import { commonAliases, type CommonFlags, commonFlags, logOptionsOf } from "../flags/common_flags.ts";
import { type ConcurrencyFlags, concurrencyFlags, concurrencyOf } from "../flags/concurrency_flags.ts";
import { type ExtractFlags, extractFlags } from "../flags/extract_flags.ts";
import { type SelectionFlags, selectionFlags } from "../flags/selection_flags.ts";
import { text } from "../parse.ts";

interface OutputFlags {
  readonly output?: string;
}
type Flags = CommonFlags & ConcurrencyFlags & ExtractFlags & SelectionFlags & OutputFlags;

/** `azml extract`: a workspace to records. */
export const extractCommand: Command<CliContext> = buildCommand<Flags, [], CliContext>({
  docs: {
    brief: "Write the history of a workspace as records, one JSON object a line",
    fullDescription:
      "Reads only. Artifacts are named with size and hash, their bytes stay where they are.\n\n" +
      "  azml extract --source source.json > archive.ndjson\n" +
      "  azml extract --source source.json --experiment churn | azml submit --as runs --target target.json",
  },
  parameters: {
    flags: {
      ...extractFlags,
      ...concurrencyFlags,
      ...selectionFlags,
      output: {
        kind: "parsed",
        parse: text,
        optional: true,
        brief: "Write to this file, which appears when it is whole",
        placeholder: "file",
      },
      ...commonFlags,
    },
    aliases: commonAliases,
  },
  async func(flags) {
    const [{ runStage }, { makeLog }, { outputTo }] = await Promise.all([
      import("../run_stage.ts"),
      import("../log.ts"),
      import("../output_file.ts"),
    ]);
    const log = makeLog(this.io, "extract", logOptionsOf(flags));
    await outputTo(flags.output, log, (sink) =>
      runStage(this, {
        name: "extract",
        flags,
        readsInput: false,
        onInterrupt: "stop",
        onClosedPipe: "stop",
        ...(sink ? { sink } : {}),
        open: async (context) => {
          const [{ extract }, { openSource }, { selectionOf }] = await Promise.all([
            import("../../stages/extract.ts"),
            import("../endpoints.ts"),
            import("../flags/selection_flags.ts"),
          ]);
          const selection = await selectionOf(flags);
          const concurrency = concurrencyOf(flags);
          const source = await openSource(flags.source, { io: this.io, concurrency, ...context });
          const options = { selection, artifacts: !flags.noArtifacts, metrics: flags.metrics, concurrency };
          return extract(source, options, context);
        },
      }));
  },
});
