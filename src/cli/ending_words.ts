import type { EndRecord } from "../records/end.ts";
import { flattenEnd } from "../records/merge_ends.ts";

/** A last line on stderr, and how it is said. */
export interface EndingWords {
  readonly level: "warn" | "error";
  readonly text: string;
}

/** What an exit code says that no failure has said yet, for a last line on stderr; null when there is nothing to say. */
export function endingWords(code: number, end: EndRecord | null): EndingWords | null {
  switch (code) {
    case 3:
      return { level: "warn", text: `${end === null ? NOT_ALL : unclean(end)} (exit 3)` };
    case 6:
      return { level: "warn", text: "differences were found: see the diff records on stdout (exit 6)" };
    case 7:
      return {
        level: "error",
        text: "the input held no azml record (exit 7); with --allow-empty that is no failure",
      };
    default:
      return null;
  }
}

const NOT_ALL = "finished, but not everything went through: see the error records and receipts on stdout";

/** Why an `end` is not clean: the input was not whole, something failed, or some of it was read by half. */
function unclean(end: EndRecord): string {
  const ends = flattenEnd(end);
  const stopped = ends.slice(0, -1).find(({ complete }) => !complete);
  if (stopped !== undefined) {
    const again = stopped.stage === "extract" ? "extract again" : `run ${stopped.stage} again`;
    return `the input says that it is incomplete: ${stopped.stage} was interrupted or could not go on; ${again}`;
  }
  const failed = ends.some(({ complete, counts }) =>
    !complete || counts.failed + counts.bad_lines + (counts.in["error"] ?? 0) > 0
  );
  if (failed) return NOT_ALL;
  const count = Math.max(...ends.map(({ counts }) => counts.incomplete));
  const what = count === 1 ? "1 record is" : `${count} records are`;
  return `finished, but ${what} incomplete: \`incomplete\` in them says what could not be read`;
}
