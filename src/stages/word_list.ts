import { Failure } from "../records/failure.ts";
import { literal, splitWords } from "./split_words.ts";

/** The words of an option; null when it was not given. Given and empty is a slip that must not select all: `Failure`. */
export function wordList(values: readonly string[] | undefined, option: string): string[] | null {
  if (values === undefined || values.length === 0) return null;
  const words = splitWords(values);
  if (words.length === 0) throw badOption(`${option} names nothing`, "give at least one word");
  return words;
}

/** The words of an option for which case does not count. Throws `Failure` as {@linkcode wordList} does. */
export function lowerCasedWords(
  values: readonly string[] | undefined,
  option: string,
): ReadonlySet<string> | null {
  const words = wordList(values, option);
  return words === null ? null : new Set(words.map((word) => literal(word).toLowerCase()));
}

/** An option that does not hold. */
export function badOption(message: string, hint: string): Failure {
  return new Failure(message, { code: "bad_option", reach: "usage", hint, retryable: false });
}
