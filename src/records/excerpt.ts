import { SECRET_WORDS } from "./secret_texts.ts";
import { cutText } from "./well_formed.ts";

/** How long an excerpt is at most, in UTF-16 units. */
export const EXCERPT_CHARS = 40;

/** How far before the excerpt a word that hints at a secret still counts. */
const LOOK_BACK = 200;

/** A run like this may be a token or a key: letters, digits and what base64 and URLs add. */
const LONG_RUN = /[\w+/=.~%-]{12,}/g;

// deno-lint-ignore no-control-regex -- control characters would spoil a terminal
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/g;

/**
 * A short piece of a line around an offset, to show what a message is about; null when there may be a secret near it.
 * Long runs of letters and digits are left out (`…`), so it is at most {@linkcode EXCERPT_CHARS} long.
 */
export function excerpt(line: string, at: number): string | null {
  const from = Math.max(0, at - EXCERPT_CHARS / 2);
  const to = from + EXCERPT_CHARS;
  if (SECRET_WORDS.test(line.slice(Math.max(0, from - LOOK_BACK), to + LOOK_BACK))) return null;
  // A run that goes on beyond the cut must not show its end as a short and harmless one.
  const start = runStart(line, from);
  const shown = line.slice(start, to + EXCERPT_CHARS).replace(LONG_RUN, "…").replace(CONTROL, " ");
  const text = cutText(shown, EXCERPT_CHARS).trim();
  return text === "" ? null : text;
}

function runStart(line: string, from: number): number {
  let start = from;
  while (start > 0 && start > from - EXCERPT_CHARS && /[\w+/=.~%-]/.test(line.charAt(start - 1))) start -= 1;
  return start;
}
