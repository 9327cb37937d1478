import {
  type ApplicationText,
  ArgumentParseError,
  buildApplication,
  buildRouteMap,
  type RouteMap,
  run,
  type StricliProcess,
  text_en,
  UnexpectedPositionalError,
} from "@stricli/core";
import { COMMANDS, READ_RECORDS } from "./commands.ts";
import type { CliContext } from "./context.ts";
import { describe } from "./describe.ts";
import { codeOfThrown } from "./exit_codes.ts";
import type { Io } from "./io.ts";
import { nearestWord } from "./nearest_word.ts";
import { printPage } from "./print_page.ts";
import { VERSION } from "./version.ts";

/** Exit codes that stricli gives by itself, as a process would: usage and unknown command are 2, all else is a bug. */
const STRICLI_USAGE = [-4, -5];

const textFor = (command: string | undefined): ApplicationText => ({
  ...text_en,
  noCommandRegisteredForInput({ input }) {
    const near = nearestWord(input, Object.keys(COMMANDS));
    const hint = near === null ? "azml help lists them" : `did you mean "${near}"?`;
    return `azml: error: there is no command "${input}"\n  ${hint}`;
  },
  exceptionWhileParsingArguments: (error) => `azml: error: ${slipOf(error, command)}`,
  exceptionWhileRunningCommand: (error) => `azml: error: ${describe(error)}`,
});

const HELP = "azml <command> --help tells what it takes";

/** What is wrong with the words of a command line, and what to do. */
function slipOf(error: unknown, command: string | undefined): string {
  if (error instanceof ArgumentParseError) {
    return `--${error.externalFlagNameOrPlaceholder}: ${messageOf(error.exception)}\n  ${HELP}`;
  }
  const readsRecords = command !== undefined && READ_RECORDS.has(command);
  if (!(error instanceof UnexpectedPositionalError) || !readsRecords) return `${messageOf(error)}\n  ${HELP}`;
  return `${error.message}\n  azml reads records on stdin: azml ${command} < ${error.input}`;
}

/** Runs azml with command-line words and answers its exit code. */
export async function runCli(words: readonly string[], io: Io): Promise<number> {
  if (words[0] === "--version") {
    // Alone it is asked by scripts, often: answered before the routes and their checks are built (2 ms of 10).
    return words.length === 1 ? await printVersion(io) : await runCli(["version", ...words.slice(1)], io);
  }
  const process: StricliProcess = {
    stdout: { write: (text) => writeNow(io, text) },
    stderr: { write: (text) => io.note(text) },
    env: {},
    exitCode: null,
  };
  let pending = Promise.resolve();
  const writeNow = (to: Io, text: string) => {
    pending = pending.then(() => to.write(new TextEncoder().encode(text))).catch(() => {});
  };
  const context: CliContext & { process: StricliProcess } = {
    process,
    io,
    exit: (code) => process.exitCode = code,
  };
  await run(makeApplication(textFor(words[0]), (code) => context.exit(code)), [...words], context);
  await pending;
  return exitCode(process.exitCode);
}

async function printVersion(io: Io): Promise<number> {
  try {
    await printPage(io, `azml ${VERSION}\n`);
    return 0;
  } catch (error) {
    io.note(`azml: error: ${describe(error)}\n`);
    return codeOfThrown(error);
  }
}

/** `exit`: told what a command that threw means, whatever code its stage had set before. */
function makeApplication(text: ApplicationText, exit: (code: number) => void) {
  return buildApplication<CliContext>(makeRoutes(), {
    name: "azml",
    scanner: { caseStyle: "allow-kebab-for-camel", allowArgumentEscapeSequence: true },
    documentation: { disableAnsiColor: true, onlyRequiredInUsageLine: true },
    localization: { text },
    determineExitCode: (thrown) => {
      const code = codeOfThrown(thrown);
      exit(code);
      return code;
    },
  });
}

function makeRoutes(): RouteMap<CliContext> {
  return buildRouteMap<string, CliContext>({
    routes: COMMANDS,
    docs: {
      brief: `azml ${VERSION} moves the history of ML work out of one Azure ML workspace into another`,
    },
  });
}

function exitCode(code: StricliProcess["exitCode"]): number {
  const value = Number(code ?? 0);
  if (value >= 0) return value;
  return STRICLI_USAGE.includes(value) ? 2 : 1;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
