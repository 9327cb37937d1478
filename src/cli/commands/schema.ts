import { buildCommand, type Command } from "@stricli/core";
import { Failure } from "../../records/failure.ts";
import type { CliContext } from "../context.ts";
import { text } from "../parse.ts";
import { printPage } from "../print_page.ts";

/** `azml schema [kind]`: the JSON Schema of a record kind, or the names of the kinds. */
export const schemaCommand: Command<CliContext> = buildCommand<Record<never, never>, [string?], CliContext>({
  docs: { brief: "Print the JSON Schema of a record kind; without a kind, the kinds" },
  parameters: {
    flags: {},
    positional: {
      kind: "tuple",
      parameters: [{ brief: "Record kind, e.g. job", placeholder: "kind", parse: text, optional: true }],
    },
  },
  async func(_flags, kind) {
    const { schemaOf, KIND_NAMES } = await import("../../records/json_schema.ts");
    if (kind === undefined) return await printPage(this.io, `${KIND_NAMES.join("\n")}\n`);
    const schema = schemaOf(kind);
    if (schema === null) {
      throw new Failure(`there is no record kind "${kind}"`, {
        code: "unknown_kind",
        reach: "usage",
        retryable: false,
        hint: `one of ${KIND_NAMES.join(", ")}`,
      });
    }
    await printPage(this.io, `${JSON.stringify(schema, null, 2)}\n`);
  },
});
