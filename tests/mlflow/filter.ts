import { invalid } from "./mlflow_error.ts";

/** One comparison of a filter. */
export interface Clause {
  /** `attribute`, `tag`, `parameter`, `metric`. */
  readonly kind: string;
  readonly key: string;
  /** Upper case: `=`, `!=`, `>`, `LIKE`, `ILIKE`, `IN`, `NOT IN`. */
  readonly operator: string;
  /** Unquoted texts: one, or those of the list. */
  readonly values: readonly string[];
  readonly quoted: boolean;
  readonly written: string;
}

const CLAUSE =
  /^\s*(?:(\w+)\s*\.\s*)?(`[^`]+`|"[^"]+"|[\w.\-/]+)\s*(!=|>=|<=|=|>|<|ilike\b|like\b|not\s+in\b|in\b)\s*(\((?:[^()'"]|'[^']*'|"[^"]*")*\)|'[^']*'|"[^"]*"|[-+.\w]+)\s*/i;
const KINDS: readonly [RegExp, string][] = [
  [/^tags?$/i, "tag"],
  [/^param(eter)?s?$/i, "parameter"],
  [/^metrics?$/i, "metric"],
];

/** Reads comparisons joined by AND. Throws MLflow's 400 for OR and for what is no comparison. */
export function readFilter(filter: string): readonly Clause[] {
  const clauses: Clause[] = [];
  let rest = filter;
  while (rest.trim() !== "") {
    const match = CLAUSE.exec(rest);
    if (match === null) throw refused(rest);
    clauses.push(clauseOf(match));
    rest = rest.slice(match[0].length);
    if (rest === "") break;
    if (!/^and\b/i.test(rest)) throw refused(/^\w+/.exec(rest)?.[0] ?? rest);
    rest = rest.slice(3);
  }
  return clauses;
}

function refused(rest: string): Error {
  const words = rest.trim().split(/\s+/).map((word) => `'${word}'`).join(", ");
  return invalid(`Invalid clause(s) in filter string: ${words}`);
}

function clauseOf([, prefix = "", key = "", operator = "", written = ""]: RegExpExecArray): Clause {
  const kind = KINDS.find(([pattern]) => pattern.test(prefix))?.[1] ?? "attribute";
  const upper = operator.toUpperCase().replace(/\s+/, " ");
  const isList = written.startsWith("(");
  if (kind !== "attribute" && kind !== "metric" && (isList || !/^['"]/.test(written))) {
    throw invalid(`Expected a quoted string value for ${kind} (e.g. 'my-value'). Got value ${written}`);
  }
  if (isList && written.slice(1, -1).trim() === "") {
    throw invalid(
      "While parsing a list in the query, expected a non-empty list of string values, but got empty list",
    );
  }
  const values = isList ? [...written.matchAll(/'([^']*)'|"([^"]*)"/g)].map((m) => m[1] ?? m[2] ?? "") : [
    unquoted(written),
  ];
  return { kind, key: unquoted(key), operator: upper, values, quoted: /^['"]/.test(written), written };
}

function unquoted(value: string): string {
  return /^(['"`])([^]*)\1$/.exec(value)?.[2] ?? value;
}

/** Whether a held value passes; what is not there passes nothing. */
export function passes(held: string | number | null | undefined, clause: Clause): boolean {
  if (held === null || held === undefined) return false;
  const [first = ""] = clause.values;
  const wanted = typeof held === "number" ? Number(first) : first;
  return TESTS[clause.operator]?.(held, wanted, clause.values) ?? false;
}

type Held = string | number;

const TESTS: Readonly<Record<string, (held: Held, wanted: Held, list: readonly string[]) => boolean>> = {
  "=": (held, wanted) => held === wanted,
  "!=": (held, wanted) => held !== wanted,
  ">": (held, wanted) => held > wanted,
  ">=": (held, wanted) => held >= wanted,
  "<": (held, wanted) => held < wanted,
  "<=": (held, wanted) => held <= wanted,
  IN: (held, _wanted, list) => list.includes(String(held)),
  "NOT IN": (held, _wanted, list) => !list.includes(String(held)),
  LIKE: (held, wanted) => likePattern(String(wanted), "").test(String(held)),
  ILIKE: (held, wanted) => likePattern(String(wanted), "i").test(String(held)),
};

function likePattern(wanted: string, flags: string): RegExp {
  const source = wanted.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll("%", "[^]*").replaceAll(
    "_",
    "[^]",
  );
  return new RegExp(`^${source}$`, flags);
}
