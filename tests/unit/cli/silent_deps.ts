import type { TargetDeps } from "../../../src/cli/endpoints.ts";

/** What a command gives its sides, without a process: nothing is written or told, nothing is tried twice. */
export function silentDeps(
  variables: Readonly<Record<string, string>> = {},
  warned: string[] = [],
): TargetDeps {
  const nothing = () => {};
  return {
    io: {
      stdin: ReadableStream.from([]),
      write: () => Promise.resolve(),
      note: nothing,
      stdinIsTerminal: false,
      stdoutIsTerminal: false,
      stderrIsTerminal: false,
      env: (name) => ({ AZML_RETRIES: "0", ...variables })[name],
    },
    log: {
      debug: nothing,
      info: nothing,
      warn: (message) => warned.push(message),
      error: nothing,
      progress: nothing,
    },
    signal: new AbortController().signal,
    concurrency: 2,
    dryRun: true,
    copyArtifacts: true,
    source: null,
  };
}
