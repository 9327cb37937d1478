/** Reads nothing into a path: says what is wrong with it, or null. */
type Rule = (path: string) => string | null;

const RULES: readonly Rule[] = [
  (path) => path === "" ? "is empty" : null,
  (path) => path.startsWith("/") || path.startsWith("\\") ? "is absolute" : null,
  // Storage services take a backslash for a slash.
  (path) => path.split(/[/\\]/).some((segment) => segment === "..") ? "leads out of its run (..)" : null,
  (path) =>
    path.split(/[/\\]/).some((segment) => segment === ".") ? "has a segment that no URL can say (.)" : null,
  (path) => path.split("/").some((segment) => segment === "") ? "has an empty segment" : null,
];

/** Why a path of a record may not be written below a run, or null when it may. Records may come from anybody. */
export function pathFault(path: string): string | null {
  for (const rule of RULES) {
    const fault = rule(path);
    if (fault !== null) return fault;
  }
  return null;
}
