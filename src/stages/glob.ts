/**
 * Makes a test of whole names from a glob: `*` is any text, `?` one character, `[abc]`, `[a-z]` and `[!a-z]` (or
 * `[^a-z]`) one character of a set, and a backslash takes the next character as it is. A `[` that is never closed
 * stands for itself. Case matters.
 */
export function glob(pattern: string): (name: string) => boolean {
  if (!/[*?[\\]/.test(pattern)) return (name) => name === pattern;
  const expression = new RegExp(`^${toRegExp(pattern)}$`, "su");
  return (name) => expression.test(name);
}

function toRegExp(pattern: string): string {
  const characters = [...pattern];
  let source = "";
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? "";
    const set = character === "[" ? readSet(characters, at) : null;
    if (set !== null) {
      source += set.source;
      at = set.last;
    } else if (character === "*") {
      // One `.*` for a row of stars: more of them would make the match slow and mean the same.
      if (characters[at - 1] !== "*" || !source.endsWith(".*")) source += ".*";
    } else if (character === "?") source += ".";
    else if (character === "\\" && at + 1 < characters.length) source += quote(characters[++at] ?? "");
    else source += quote(character);
  }
  return source;
}

/** Reads the set that opens at `open`; null when it is never closed. `last` is the place of its `]`. */
function readSet(characters: readonly string[], open: number): { source: string; last: number } | null {
  let at = open + 1;
  const negated = characters[at] === "!" || characters[at] === "^";
  if (negated) at++;
  const first = at;
  const members: Member[] = [];
  for (; at < characters.length; at++) {
    const character = characters[at] ?? "";
    if (character === "]" && at > first) {
      return { source: `${negated ? "[^" : "["}${ranges(members)}]`, last: at };
    }
    const escaped = character === "\\" && at + 1 < characters.length;
    members.push(escaped ? { character: characters[++at] ?? "", escaped } : { character, escaped });
  }
  return null;
}

interface Member {
  readonly character: string;
  readonly escaped: boolean;
}

function ranges(members: readonly Member[]): string {
  let source = "";
  for (let at = 0; at < members.length; at++) {
    const from = members[at]?.character ?? "";
    const dash = members[at + 1];
    const to = members[at + 2]?.character;
    if (dash?.character === "-" && !dash.escaped && to !== undefined) {
      source += range(from, to);
      at += 2;
    } else source += quote(from);
  }
  // Nothing is in an empty set, e.g. that of a range that runs backwards.
  return source;
}

/** A range that runs backwards holds nothing, as in a shell. */
function range(from: string, to: string): string {
  return (from.codePointAt(0) ?? 0) <= (to.codePointAt(0) ?? 0) ? `${quote(from)}-${quote(to)}` : "";
}

function quote(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
