/** Reads nothing into a path: says what is wrong with it, or null. */
type Rule = (path: string) => string | null;

const segments = (path: string) => path.split(/[/\\]/);

/** Whatever would lead out of the run, and whatever MLflow would store under another name (its `validate_path_is_safe`). */
const RULES: readonly Rule[] = [
  (path) => path === "" ? "is empty" : null,
  (path) => /^(?:[/\\]|[A-Za-z]:[/\\])/.test(path) ? "is absolute" : null,
  (path) => segments(path).includes("..") ? "leads out of its run (..)" : null,
  (path) => segments(path).includes(".") ? "has a segment that no URL can say (.)" : null,
  (path) => path.split("/").includes("") ? "has an empty segment" : null,
  (path) => path.includes("#") ? "has a # in it, which MLflow refuses" : null,
  (path) =>
    /%[0-9a-f]{2}/i.test(path) ? "has a % and two digits in it, of which MLflow makes one letter" : null,
  (path) => /[?;]$/.test(path) ? "ends in a sign that MLflow cuts off" : null,
  // deno-lint-ignore no-control-regex -- these are what is looked for
  (path) => /[\x00-\x1f\x7f]/.test(path) ? "has control characters, which MLflow writes another way" : null,
  (path) =>
    /^[a-z0-9+.-]*[A-Z][A-Za-z0-9+.-]*:/.test(path) ? "begins as a URL, which MLflow writes small" : null,
];

/** Why a path of a record may not be written below a run, or null when it may. Records may come from anybody. */
export function pathFault(path: string): string | null {
  for (const rule of RULES) {
    const fault = rule(path);
    if (fault !== null) return fault;
  }
  return null;
}
