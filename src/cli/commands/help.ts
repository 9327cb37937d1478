import { buildCommand, type Command } from "@stricli/core";
import type { CliContext } from "../context.ts";
import { Failure } from "../../records/failure.ts";
import { HELP_TOPICS } from "../help_topics.ts";
import { nearestWord } from "../nearest_word.ts";
import { text } from "../parse.ts";
import { printPage } from "../print_page.ts";

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
    const known = topic === undefined || !Object.hasOwn(HELP_TOPICS, topic) ? undefined : HELP_TOPICS[topic];
    if (known) return await printPage(this.io, known.text());
    // Loaded here and not above: the app is made of its commands, this one among them.
    const [{ runCli }, { COMMANDS }] = await Promise.all([import("../app.ts"), import("../commands.ts")]);
    if (topic !== undefined && !Object.hasOwn(COMMANDS, topic)) throw unknown(topic, Object.keys(COMMANDS));
    this.exit(await runCli(topic === undefined ? ["--help"] : [topic, "--help"], this.io));
    if (topic === undefined) await printPage(this.io, topicList());
  },
});

function unknown(topic: string, commands: readonly string[]): Failure {
  const topics = Object.keys(HELP_TOPICS);
  const near = nearestWord(topic, [...topics, ...commands]);
  return new Failure(`there is no command or topic "${topic}"`, {
    code: "unknown_topic",
    reach: "usage",
    retryable: false,
    hint: near === null
      ? `topics are ${topics.join(", ")}; commands: ${commands.join(", ")}`
      : `did you mean "${near}"?`,
  });
}

function topicList(): string {
  const rows = Object.entries(HELP_TOPICS).map(([name, { brief }]) => `  ${name.padEnd(12)} ${brief}`);
  return `\nTOPICS (azml help <topic>)\n${rows.join("\n")}\n`;
}
