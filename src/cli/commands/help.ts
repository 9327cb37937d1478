import { buildCommand, type Command } from "@stricli/core";
import type { CliContext } from "../context.ts";
import { HELP_TOPICS } from "../help_topics.ts";
import { text } from "../parse.ts";

/** `azml help [topic or command]`. */
export const helpCommand: Command<CliContext> = buildCommand<Record<never, never>, [string?], CliContext>({
  docs: { brief: "Explain a command or a topic: exit-codes, jq, config, environment" },
  parameters: {
    flags: {},
    positional: {
      kind: "tuple",
      parameters: [{ brief: "Topic or command", placeholder: "topic", parse: text, optional: true }],
    },
  },
  async func(_flags, topic) {
    const known = topic === undefined ? undefined : HELP_TOPICS[topic];
    if (known) return await print(this, known.text());
    // Loaded here and not above: the app is made of its commands, this one among them.
    const { runCli } = await import("../app.ts");
    this.exit(await runCli(topic === undefined ? ["--help"] : [topic, "--help"], this.io));
    if (topic === undefined) await print(this, topicList());
  },
});

function topicList(): string {
  const rows = Object.entries(HELP_TOPICS).map(([name, { brief }]) => `  ${name.padEnd(12)} ${brief}`);
  return `TOPICS (azml help <topic>)\n${rows.join("\n")}\n`;
}

async function print(cli: CliContext, page: string): Promise<void> {
  await cli.io.write(new TextEncoder().encode(page));
}
