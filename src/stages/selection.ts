import { type AssetSelection, type AssetWords, readAssetSelection } from "./asset_selection.ts";
import { glob } from "./glob.ts";
import { instant } from "./instant.ts";
import { literal } from "./split_words.ts";
import { badOption, lowerCasedWords, wordList } from "./word_list.ts";

/**
 * The selection words as a person gave them: for options that name several things one entry each time the option
 * was given, comma lists not yet split. What is absent limits nothing.
 */
export interface SelectionWords extends AssetWords {
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
  /** MLflow's word for `archived`. */
  readonly deleted?: string;
  /** MLflow's word for `include`. */
  readonly runIds?: readonly string[];
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
  /** What is wanted beside jobs, and whether jobs are wanted at all. */
  readonly assets: AssetSelection;
}

/** What `--archived` may say. */
export type ArchivedWord = "exclude" | "include" | "only";

/** Reads selection words. Throws `Failure` of reach `usage` that names the option and what it may hold. */
export function readSelection(words: SelectionWords): Selection {
  const selection = {
    include: readInclude(words),
    experiment: wordList(words.experiment, "--experiment")?.map(glob) ?? null,
    status: lowerCasedWords(words.status, "--status"),
    type: lowerCasedWords(words.type, "--type"),
    tags: (words.tag ?? []).map((entry) => readTags(entry)),
    createdAfter: readTime(words.createdAfter, "--created-after"),
    createdBefore: readTime(words.createdBefore, "--created-before"),
    maxDepth: readCount(words.maxDepth, "--max-depth", 0),
    archived: readArchivedWords(words),
    limit: readCount(words.limit, "--limit", 1),
    assets: readAssetSelection(words),
  };
  const { createdAfter, createdBefore } = selection;
  if (createdAfter !== null && createdBefore !== null && createdAfter >= createdBefore) {
    throw badOption(
      `--created-after ${words.createdAfter} is not before --created-before ${words.createdBefore}`,
      "the lower bound is inclusive, the upper one exclusive",
    );
  }
  return selection;
}

function readInclude(words: SelectionWords): string[] | null {
  const { include, includeFile, runIds } = words;
  if (include === undefined && includeFile === undefined && runIds === undefined) return null;
  const named = [...wordList(include, "--include") ?? [], ...wordList(runIds, "--run-ids") ?? []].map(
    literal,
  );
  const lines = (words.includeFile ?? []).map((line) => line.trim()).filter((line) => line !== "");
  if (named.length + lines.length === 0) {
    throw badOption("--include-file names no job", "write one job or run id a line");
  }
  return [...new Set([...named, ...lines])];
}

function readTags(entry: string): TagWord[] {
  return (wordList([entry], "--tag") ?? []).map((word) => {
    // The first `=` that no backslash stands before parts name and value; a value may hold more of them.
    const [, name = "", value] = /^((?:\\[\s\S]|[^\\=])*)(?:=([\s\S]*))?$/.exec(word) ?? [];
    if (name === "") throw badOption(`--tag ${word} names no tag`, "write a name, or name=value");
    return { name: literal(name), value: value === undefined ? null : literal(value) };
  });
}

function readTime(text: string | undefined, option: string): bigint | null {
  if (text === undefined) return null;
  const time = instant(text);
  if (time !== null) return time;
  throw badOption(
    `${option} ${JSON.stringify(text)} is neither a time nor a date`,
    "write 2025-03-31, or 2025-03-31T18:00:00Z (UTC where no offset is named)",
  );
}

function readCount(count: number | undefined, option: string, least: number): number | null {
  if (count === undefined) return null;
  if (Number.isSafeInteger(count) && count >= least) return count;
  throw badOption(`${option} ${count} is not a whole number from ${least} up`, `e.g. ${option} ${least + 1}`);
}

/** `--archived`, or `--deleted`, which means the same: MLflow's deleted runs are its archived ones. */
function readArchivedWords({ archived, deleted }: SelectionWords): ArchivedWord | null {
  if (archived !== undefined && deleted !== undefined && archived !== deleted) {
    throw badOption(
      `--archived ${archived} and --deleted ${deleted} say two things`,
      "they mean the same: give one",
    );
  }
  return readArchived("--archived", archived) ?? readArchived("--deleted", deleted);
}

function readArchived(option: string, word: string | undefined): ArchivedWord | null {
  if (word === undefined || word === "exclude" || word === "include" || word === "only") return word ?? null;
  throw badOption(`${option} ${JSON.stringify(word)} is not known`, "say exclude, include or only");
}
