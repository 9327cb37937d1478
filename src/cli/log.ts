import type { Log } from "../stages/ports.ts";
import type { Io } from "./io.ts";

/** How azml speaks on stderr. */
export interface LogOptions {
  readonly format: "text" | "json";
  readonly level: "quiet" | "normal" | "verbose";
}

const PROGRESS_EVERY_MS = 200;
const COLOURS: Readonly<Record<string, string>> = { warn: "33", error: "31", debug: "2" };

/** A log on stderr: lines of text or NDJSON, and one line of progress where a person looks at a terminal. */
export function makeLog(io: Io, stage: string, options: LogOptions): Log & { close(): void } {
  const colour = io.stderrIsTerminal && !io.env("NO_COLOR");
  const showProgress = io.stderrIsTerminal && options.level !== "quiet" && options.format === "text";
  let progressShown = false;
  let progressAt = 0;
  const clear = () => {
    if (progressShown) io.note("\r\x1b[K");
    progressShown = false;
  };
  const say = (level: string, message: string) => {
    clear();
    io.note(options.format === "json" ? jsonLine(level, stage, message) : textLine(level, message, colour));
  };
  return {
    debug: (message) => options.level === "verbose" && say("debug", message),
    info: (message) => options.level !== "quiet" && say("info", message),
    warn: (message) => say("warn", message),
    error: (message) => say("error", message),
    progress(done) {
      const now = performance.now();
      if (!showProgress || now - progressAt < PROGRESS_EVERY_MS) return;
      progressAt = now;
      progressShown = true;
      const parts = Object.entries(done).map(([name, n]) => `${n.toLocaleString("en-US")} ${name}`);
      io.note(`\r\x1b[Kazml ${stage}: ${parts.join(", ")}`);
    },
    close: clear,
  };
}

function textLine(level: string, message: string, colour: boolean): string {
  const word = level === "info" ? "" : `${level}: `;
  const text = `azml: ${word}${message}`;
  const code = COLOURS[level];
  return colour && code ? `\x1b[${code}m${text}\x1b[0m\n` : `${text}\n`;
}

function jsonLine(level: string, stage: string, message: string): string {
  return JSON.stringify({ time: new Date().toISOString(), level, stage, message }) + "\n";
}
