/**
 * Splits the values of an option that names several things: each is a comma list, and a comma that a backslash
 * stands before is part of a word. Words keep their backslashes, for `glob` or {@linkcode literal} to read; space
 * around a word and empty words are left away.
 */
export function splitWords(values: readonly string[]): string[] {
  return values.flatMap((value) => value.match(/(?:\\[\s\S]|[^\\,]|\\$)+/g) ?? [])
    .map((word) => word.trim())
    .filter((word) => word !== "");
}

/** A word as it is meant when it is no glob: each backslash is taken away and what follows it stays. */
export function literal(word: string): string {
  return word.replace(/\\([\s\S])/g, "$1");
}
