/** What the emulator says about one request that it answered. */
export interface LogLine {
  readonly time: string;
  readonly method: string;
  /** As the caller named it: `127.0.0.1:<port>`, or a real host name behind `CONNECT`. */
  readonly host: string;
  /** Path and query; signatures are left out. */
  readonly path: string;
  /** Name of the route; null when none fitted. */
  readonly route: string | null;
  /** 0 when the reply was lost on purpose. */
  readonly status: number;
  /** Short name of the workspace (`a`); null where no workspace was named. */
  readonly workspace: string | null;
  /** The emulator's own judgement, never the caller's. */
  readonly effect: "read" | "write";
  /** The caller's `x-ms-client-request-id`. */
  readonly clientRequestId: string | null;
  /** What a fault rule did to this request. */
  readonly fault?: string;
  readonly ms: number;
}

/** Keeps the log in memory and, when told a file, appends each line to it as NDJSON. */
export class RequestLog {
  readonly #lines: LogLine[] = [];
  readonly #file: Deno.FsFile | null;

  constructor(file?: string) {
    this.#file = file === undefined ? null : Deno.openSync(file, { create: true, append: true });
  }

  /** The newest lines are last; at most 200,000 stay in memory. */
  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  add(line: LogLine): void {
    if (this.#lines.length >= 200_000) this.#lines.splice(0, 100_000);
    this.#lines.push(line);
    this.#file?.writeSync(new TextEncoder().encode(`${JSON.stringify(line)}\n`));
  }

  clear(): void {
    this.#lines.length = 0;
  }

  close(): void {
    this.#file?.close();
  }
}

/** Path and query of a request as the log shows them: no signatures. */
export function loggedPath(url: URL): string {
  return `${url.pathname}${url.search.replaceAll(/([?&]sig=)[^&]*/g, "$1...")}`;
}
