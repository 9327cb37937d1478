/** A filter of MLflow's search language, and whether the server's answer may hold more than was asked for. */
export interface NameFilter {
  readonly filter: string;
  readonly isLoose: boolean;
}

/**
 * The filter for one model's name. The language has two kinds of quotes and no way to write one inside of itself
 * (`mlflow/utils/search_utils.py`); a name with both, or with a backslash, is asked for by a pattern in which `_`
 * stands for any character, and the caller has to look at the names that come.
 */
export function nameFilter(name: string): NameFilter {
  if (!/['\\]/.test(name)) return { filter: `name = '${name}'`, isLoose: false };
  if (!/["\\]/.test(name)) return { filter: `name = "${name}"`, isLoose: false };
  return { filter: `name LIKE '${name.replaceAll(/['"\\]/g, "_")}'`, isLoose: true };
}

/** The filter for a tag's value; null for a value that cannot be written in it. */
export function tagFilter(tag: string, value: string): string | null {
  if (/\\/.test(value)) return null;
  if (!value.includes("'")) return `tags.\`${tag}\` = '${value}'`;
  return value.includes('"') ? null : `tags.\`${tag}\` = "${value}"`;
}
