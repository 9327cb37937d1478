import type { CommandContext } from "@stricli/core";
import type { Io } from "./io.ts";

/** What every command function is given as `this`. */
export interface CliContext extends CommandContext {
  readonly io: Io;
  /** Sets the exit code of the process. */
  exit(code: number): void;
}
