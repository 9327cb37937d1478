/** A piece of a run history filter: a bracket, a joining word, or one comparison. */
export type FilterToken =
  | { readonly kind: "(" | ")" | "and" | "or" | "not" }
  | {
    readonly kind: "clause";
    readonly field: string;
    readonly operator: Operator;
    readonly value: string | null;
  };

/** The comparisons that clients build. */
export type Operator = "eq" | "ne" | "ge" | "gt" | "le" | "lt";

/** A filter that is not in the grammar; `offset` counts characters from 0. */
export class FilterSyntaxError extends Error {
  constructor(readonly what: string, readonly offset: number) {
    super(`Invalid filter: ${what} at position ${offset}`);
    this.name = "FilterSyntaxError";
  }
}

const SPACE = /\s*/y;
const BRACKET = /[()]/y;
const JOIN = /(and|or|not)(?=[\s(])/iy;
const FIELD = /([^\s()"']+)\s+(eq|ne|ge|gt|le|lt)\s+/iy;
/** Nothing escapes a double quote inside double quotes; `''` stands for a quote inside single ones. */
const VALUE = /"([^"]*)"|'((?:[^']|'')*)'|([^\s()"']+)/y;

/**
 * Cuts a filter into tokens: ids, status and type are bare, tag and property values stand in double quotes, `null` is
 * bare (Azure ML run history B.1, as azureml-core writes it). Throws {@linkcode FilterSyntaxError}.
 */
export function filterTokens(text: string): FilterToken[] {
  const tokens: FilterToken[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found !== null) at = pattern.lastIndex;
    return found;
  };
  for (take(SPACE); at < text.length; take(SPACE)) {
    const bracket = take(BRACKET);
    if (bracket !== null) {
      tokens.push({ kind: bracket[0] === "(" ? "(" : ")" });
      continue;
    }
    const join = take(JOIN);
    if (join !== null) {
      tokens.push({ kind: joinWord(join[0]) });
      continue;
    }
    tokens.push(clause(take(FIELD), () => take(VALUE), at));
  }
  return tokens;
}

function clause(head: RegExpExecArray | null, value: () => RegExpExecArray | null, at: number): FilterToken {
  const [, field, operator] = head ?? [];
  if (field === undefined || operator === undefined) throw new FilterSyntaxError("expected a comparison", at);
  const found = value();
  if (found === null) throw new FilterSyntaxError(`no value for ${field}`, at);
  const bare = found[3];
  const quoted = found[1] ?? found[2]?.replaceAll("''", "'");
  return {
    kind: "clause",
    field,
    operator: operatorWord(operator),
    value: bare?.toLowerCase() === "null" ? null : bare ?? quoted ?? "",
  };
}

function joinWord(word: string): "and" | "or" | "not" {
  const lower = word.toLowerCase();
  return lower === "and" || lower === "or" ? lower : "not";
}

function operatorWord(word: string): Operator {
  const lower = word.toLowerCase();
  return OPERATORS.find((operator) => operator === lower) ?? "eq";
}

const OPERATORS: readonly Operator[] = ["eq", "ne", "ge", "gt", "le", "lt"];
