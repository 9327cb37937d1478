import { invalid } from "./mlflow_input.ts";

/** One comparison of a search. */
export interface SearchClause {
  readonly kind: "attributes" | "tags" | "params" | "metrics";
  readonly key: string;
  readonly operator: string;
  /** Unquoted; a number for metrics and times. */
  readonly value: string;
}

const CLAUSE =
  /^\s*(?:(attributes?|attr|run|tags?|params?|parameters?|metrics?)\s*\.\s*)?(`[^`]+`|"[^"]+"|[\w.\-/]+)\s*(!=|>=|<=|=|>|<|ilike\b|like\b)\s*('(?:[^']|'')*'|"[^"]*"|[-+.\w]+)\s*/i;
const AND = /^and\b/i;

const KINDS: readonly [RegExp, SearchClause["kind"]][] = [
  [/^tag/i, "tags"],
  [/^param/i, "params"],
  [/^metric/i, "metrics"],
  [/^/, "attributes"],
];

/**
 * Reads a filter of `runs/search`: comparisons joined by AND. Throws 400 for OR, for `!=` on tags and for text that is
 * no filter (Azure ML MLflow notes C.3).
 */
export function searchFilter(text: string): readonly SearchClause[] {
  const clauses: SearchClause[] = [];
  let rest = text;
  while (rest.trim() !== "") {
    const match = CLAUSE.exec(rest);
    if (match === null) throw invalid(`Invalid clause(s) in filter string: ${rest.trim()}`);
    clauses.push(clause(match));
    rest = rest.slice(match[0].length);
    if (rest === "") break;
    if (!AND.test(rest)) {
      throw invalid(`Invalid clause(s) in filter string: ${rest.trim()}. Only AND is supported.`);
    }
    rest = rest.replace(AND, "");
  }
  return clauses;
}

function clause(match: RegExpExecArray): SearchClause {
  const [, prefix = "", key = "", operator = "", value = ""] = match;
  const kind = KINDS.find(([pattern]) => pattern.test(prefix))?.[1] ?? "attributes";
  if (kind === "tags" && operator === "!=") throw invalid("The operator '!=' is not supported for tags.");
  return { kind, key: unquoted(key), operator: operator.toLowerCase(), value: unquoted(value) };
}

function unquoted(text: string): string {
  const quote = /^(['"`])([^]*)\1$/.exec(text);
  return quote === null ? text : (quote[2] ?? "").replaceAll("''", "'");
}

/** Whether a held value passes a comparison; what is not there passes none. */
export function clausePasses(held: string | number | null, { operator, value }: SearchClause): boolean {
  if (held === null) return false;
  if (operator === "like" || operator === "ilike") return likePattern(value, operator).test(String(held));
  const wanted = typeof held === "number" ? Number(value) : value;
  const order = held === wanted ? 0 : held < wanted ? -1 : 1;
  return ORDERS[operator]?.(order) ?? false;
}

function likePattern(value: string, operator: string): RegExp {
  const source = value.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll("%", "[^]*").replaceAll(
    "_",
    "[^]",
  );
  return new RegExp(`^${source}$`, operator === "ilike" ? "i" : "");
}

const ORDERS: Readonly<Record<string, (order: number) => boolean>> = {
  "=": (order) => order === 0,
  "!=": (order) => order !== 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
};
