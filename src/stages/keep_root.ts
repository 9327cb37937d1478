import { isJsonObject } from "../records/json.ts";
import { instant } from "./instant.ts";
import type { RootFacts } from "./ports.ts";
import type { Selection, TagWord } from "./selection.ts";

/**
 * Makes the test of a root (or of a job that `--include` names) against the words of a selection: different
 * options must all hold, one value of each will do. A fact that is missing holds no word that asks for it. Ids,
 * depth and the number of trees are not looked at here.
 */
export function keepRoot(selection: Selection): (root: RootFacts) => boolean {
  const { experiment, status, type, tags, archived } = selection;
  const tests: ((root: RootFacts) => boolean)[] = [];
  if (experiment !== null) tests.push((root) => says(root.experiment, (n) => experiment.some((g) => g(n))));
  if (status !== null) tests.push((root) => says(root.status, (word) => status.has(word.toLowerCase())));
  if (type !== null) tests.push((root) => says(root.type, (word) => type.has(word.toLowerCase())));
  for (const words of tags) tests.push((root) => words.some((word) => hasTag(root, word)));
  if (archived === "exclude") tests.push((root) => root.archived !== true);
  if (archived === "only") tests.push((root) => root.archived === true);
  if (selection.createdAfter !== null || selection.createdBefore !== null) {
    tests.push((root) => isCreatedWithin(root, selection));
  }
  return (root) => tests.every((test) => test(root));
}

function says(fact: string | null | undefined, test: (fact: string) => boolean): boolean {
  return typeof fact === "string" && test(fact);
}

function hasTag(root: RootFacts, word: TagWord): boolean {
  const tags = root.tags;
  if (!isJsonObject(tags) || !Object.hasOwn(tags, word.name)) return false;
  return word.value === null || tags[word.name] === word.value;
}

function isCreatedWithin(root: RootFacts, selection: Selection): boolean {
  const created = typeof root.created_at === "string" ? instant(root.created_at) : null;
  if (created === null) return false;
  const { createdAfter, createdBefore } = selection;
  return (createdAfter === null || created >= createdAfter) &&
    (createdBefore === null || created < createdBefore);
}
