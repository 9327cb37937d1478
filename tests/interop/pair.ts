import { ofKind } from "../e2e/lab.ts";
import { Shell, type ShellRun } from "../e2e/shell.ts";
import { KINDS } from "./compare.ts";
import type { Route } from "./routes.ts";
import { Server } from "./server.ts";

/** Two servers, and a shell in which `$SOURCE` and `$TARGET` are their addresses and `azml` is there. */
export class Pair implements AsyncDisposable {
  private constructor(readonly source: Server, readonly target: Server, readonly shell: Shell) {}

  /** Starts both. */
  static async start({ from, to }: Pick<Route, "from" | "to">): Promise<Pair> {
    const [source, target, shell] = await Promise.all([Server.start(from), Server.start(to), Shell.make()]);
    return new Pair(source, target, shell);
  }

  /** Runs a line of bash. */
  run(line: string): Promise<ShellRun> {
    return this.shell.run(`SOURCE=${this.source.url} TARGET=${this.target.url} KINDS=${KINDS}\n${line}`);
  }

  /** Moves all kinds that are compared, deleted ones too. */
  move(by: Route["by"] = "replay"): Promise<ShellRun> {
    return this.run(LINES[by]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.source[Symbol.asyncDispose]();
    await this.target[Symbol.asyncDispose]();
    await this.shell[Symbol.asyncDispose]();
  }
}

const LINES: Readonly<Record<Route["by"], string>> = {
  replay:
    `azml replay --keep-version-numbers --kinds $KINDS --deleted include --source $SOURCE --target $TARGET`,
  pipe: `set -o pipefail
azml extract --kinds $KINDS --deleted include --source $SOURCE | azml plan | azml submit --keep-version-numbers --source $SOURCE --target $TARGET`,
};

/** How many receipts of runs have which outcome. */
export function outcomes(ndjson: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { original, outcome } of ofKind(ndjson, "receipt")) {
    if (!RUN_ID.test(String(original))) continue;
    counts[String(outcome)] = (counts[String(outcome)] ?? 0) + 1;
  }
  return counts;
}

const RUN_ID = /^[0-9a-f]{32}$/;
