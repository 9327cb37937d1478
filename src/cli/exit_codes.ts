import type { EndRecord } from "../records/end.ts";
import { endIsClean } from "../records/end_is_clean.ts";
import { endIsEmpty } from "../records/end_is_empty.ts";
import { Failure, type Reach } from "../records/failure.ts";

/** An exit code and what it means, as `azml help exit-codes` lists them. */
export interface ExitCode {
  readonly code: number;
  readonly meaning: string;
}

/** Every exit code of azml; where several apply, the first in this list wins. */
export const EXIT_CODES: readonly ExitCode[] = [
  { code: 1, meaning: "a bug in azml: please report it with the text on stderr" },
  { code: 130, meaning: "interrupted (Ctrl-C), drained: run it again to continue" },
  { code: 143, meaning: "terminated (SIGTERM), drained: run it again to continue" },
  {
    code: 7,
    meaning: "no line of the input was an azml record, or nothing came in at all (see --allow-empty)",
  },
  { code: 2, meaning: "usage or config: nothing was sent" },
  { code: 8, meaning: "a local file or the disk" },
  { code: 4, meaning: "sign-in or permission: could not go on" },
  {
    code: 5,
    meaning: "unreachable or throttled past the retry budget, or out of time: run it again to continue",
  },
  { code: 3, meaning: "finished, but some records failed or came in incomplete (upstream too)" },
  { code: 6, meaning: "verify found differences" },
  { code: 0, meaning: "all done (also when a reader such as head closed early on a read-only stage)" },
];

const CODE_OF_REACH: Readonly<Record<Reach, number>> = {
  usage: 2,
  record: 3,
  auth: 4,
  unreachable: 5,
  disk: 8,
};

/** What ended a command. */
export interface Ending {
  /** The last record of its stage, when it got that far. */
  readonly end: EndRecord | null;
  /** What was thrown, if anything. */
  readonly thrown?: unknown;
  /** The signal that stopped it. */
  readonly signal?: "SIGINT" | "SIGTERM" | null;
  /** Whether an input was read, so that no input at all is worth a code. */
  readonly readsInput: boolean;
  readonly allowEmpty: boolean;
}

/** The exit code of a command: the most telling of all that apply. */
export function exitCodeOf(ending: Ending): number {
  const codes = new Set<number>();
  if (ending.thrown !== undefined) codes.add(codeOfThrown(ending.thrown));
  if (ending.signal) codes.add(ending.signal === "SIGINT" ? 130 : 143);
  if (ending.end) {
    // A stage that broke off has not seen all of its input: nobody knows what would have come.
    const isEmpty = ending.end.complete && endIsEmpty(ending.end);
    if (ending.readsInput && !ending.allowEmpty && isEmpty) codes.add(7);
    if (!endIsClean(ending.end)) codes.add(3);
    if (hasDifferences(ending.end)) codes.add(6);
  }
  return EXIT_CODES.find(({ code }) => codes.has(code))?.code ?? 0;
}

/** The exit code that something thrown stands for. */
export function codeOfThrown(thrown: unknown): number {
  return thrown instanceof Failure ? CODE_OF_REACH[thrown.facts.reach] : 1;
}

function hasDifferences(end: EndRecord): boolean {
  const { differences } = end.counts;
  return typeof differences === "number" && differences > 0;
}
