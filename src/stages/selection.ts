import { Failure } from "../records/failure.ts";
import { glob } from "./glob.ts";
import { instant } from "./instant.ts";
import { literal, splitWords } from "./split_words.ts";

/**
 * The selection words as a person gave them: for options that name several things one entry each time the option
 * was given, comma lists not yet split. What is absent limits nothing.
 */
export interface SelectionWords {
  /** Job or run ids, with their descendants. */
  readonly include?: readonly string[];
  /** The lines of an include file: one id a line, taken as it is; blank lines do not count. */
  readonly includeFile?: readonly string[];
  /** Globs of experiment names. */
  readonly experiment?: readonly string[];
  readonly status?: readonly string[];
  readonly type?: readonly string[];
  /** `k` or `k=v`: the words of one entry are alternatives, all entries must hold. */
  readonly tag?: readonly string[];
  /** RFC 3339 time or date, inclusive. */
  readonly createdAfter?: string;
  /** RFC 3339 time or date, exclusive. */
  readonly createdBefore?: string;
  readonly maxDepth?: number;
  readonly archived?: string;
  /** At most this many trees. */
  readonly limit?: number;
}

/** One wanted tag: its name and, unless any value will do, its value. */
export interface TagWord {
  readonly name: string;
  readonly value: string | null;
}

/** Selection words, read and found good. Null limits nothing. */
export interface Selection {
  readonly include: readonly string[] | null;
  readonly experiment: readonly ((name: string) => boolean)[] | null;
  /** Lower-cased. */
  readonly status: ReadonlySet<string> | null;
  /** Lower-cased. */
  readonly type: ReadonlySet<string> | null;
  /** One of each list must be there. */
  readonly tags: readonly (readonly TagWord[])[];
  /** Nanoseconds since 1970, inclusive. */
  readonly createdAfter: bigint | null;
  /** Nanoseconds since 1970, exclusive. */
  readonly createdBefore: bigint | null;
  readonly maxDepth: number | null;
  /** Null when nothing was said: then `extract` leaves archived jobs out, unless `include` names them, and `filter` lets them pass. */
  readonly archived: ArchivedWord | null;
  readonly limit: number | null;
}

/** What `--archived` may say. */
export type ArchivedWord = "exclude" | "include" | "only";

/** Reads selection words. Throws `Failure` of reach `usage` that names the option and what it may hold. */
export function readSelection(words: SelectionWords): Selection {
  const selection = {
    include: readInclude(words),
    experiment: list(words.experiment, "--experiment")?.map(glob) ?? null,
    status: lowerCased(words.status, "--status"),
    type: lowerCased(words.type, "--type"),
    tags: (words.tag ?? []).map((entry) => readTags(entry)),
    createdAfter: readTime(words.createdAfter, "--created-after"),
    createdBefore: readTime(words.createdBefore, "--created-before"),
    maxDepth: readCount(words.maxDepth, "--max-depth", 0),
    archived: readArchived(words.archived),
    limit: readCount(words.limit, "--limit", 1),
  };
  const { createdAfter, createdBefore } = selection;
  if (createdAfter !== null && createdBefore !== null && createdAfter >= createdBefore) {
    throw usage(
      `--created-after ${words.createdAfter} is not before --created-before ${words.createdBefore}`,
      "the lower bound is inclusive, the upper one exclusive",
    );
  }
  return selection;
}

function readInclude(words: SelectionWords): string[] | null {
  if (words.include === undefined && words.includeFile === undefined) return null;
  const named = list(words.include, "--include")?.map(literal) ?? [];
  const lines = (words.includeFile ?? []).map((line) => line.trim()).filter((line) => line !== "");
  if (named.length + lines.length === 0) {
    throw usage("--include-file names no job", "write one job or run id a line");
  }
  return [...new Set([...named, ...lines])];
}

/** The words of an option; null when it was not given. Given and empty is a slip that must not select all. */
function list(values: readonly string[] | undefined, option: string): string[] | null {
  if (values === undefined || values.length === 0) return null;
  const words = splitWords(values);
  if (words.length === 0) throw usage(`${option} names nothing`, "give at least one word");
  return words;
}

function lowerCased(values: readonly string[] | undefined, option: string): ReadonlySet<string> | null {
  const words = list(values, option);
  return words === null ? null : new Set(words.map((word) => literal(word).toLowerCase()));
}

function readTags(entry: string): TagWord[] {
  return (list([entry], "--tag") ?? []).map((word) => {
    // The first `=` that no backslash stands before parts name and value; a value may hold more of them.
    const [, name = "", value] = /^((?:\\[\s\S]|[^\\=])*)(?:=([\s\S]*))?$/.exec(word) ?? [];
    if (name === "") throw usage(`--tag ${word} names no tag`, "write a name, or name=value");
    return { name: literal(name), value: value === undefined ? null : literal(value) };
  });
}

function readTime(text: string | undefined, option: string): bigint | null {
  if (text === undefined) return null;
  const time = instant(text);
  if (time !== null) return time;
  throw usage(
    `${option} ${JSON.stringify(text)} is neither a time nor a date`,
    "write 2025-03-31, or 2025-03-31T18:00:00Z (UTC where no offset is named)",
  );
}

function readCount(count: number | undefined, option: string, least: number): number | null {
  if (count === undefined) return null;
  if (Number.isSafeInteger(count) && count >= least) return count;
  throw usage(`${option} ${count} is not a whole number from ${least} up`, `e.g. ${option} ${least + 1}`);
}

function readArchived(word: string | undefined): ArchivedWord | null {
  if (word === undefined || word === "exclude" || word === "include" || word === "only") return word ?? null;
  throw usage(`--archived ${JSON.stringify(word)} is not known`, "say exclude, include or only");
}

function usage(message: string, hint: string): Failure {
  return new Failure(message, { code: "bad_option", reach: "usage", hint, retryable: false });
}
