import { FilterSyntaxError, type FilterToken, filterTokens, type Operator } from "./filter_tokens.ts";

/** What a run holds under a filter's field; null when it has none. */
export type FieldValue = (field: string) => string | null;

/** Decides whether a run passes. */
export type RunPredicate = (value: FieldValue) => boolean;

/**
 * Makes a predicate of a run history filter: comparisons joined by `and`, `or`, `not` and brackets, `and` binding
 * closer (Azure ML run history B.1). An empty filter lets everything pass. Throws {@linkcode FilterSyntaxError}, also
 * for a field that `known` does not know.
 */
export function runFilter(
  text: string | null | undefined,
  known: (field: string) => boolean = () => true,
): RunPredicate {
  if (text === null || text === undefined || text.trim() === "") return () => true;
  const tokens = filterTokens(text);
  for (const token of tokens) {
    if (token.kind === "clause" && !known(token.field)) {
      throw new FilterSyntaxError(`unknown field ${token.field}`, text.indexOf(token.field));
    }
  }
  const reader = new Reader(tokens);
  const predicate = either(reader);
  if (reader.peek() !== undefined) {
    throw new FilterSyntaxError("words after the end of the filter", text.length);
  }
  return predicate;
}

class Reader {
  private at = 0;
  constructor(private readonly tokens: readonly FilterToken[]) {}

  peek(): FilterToken | undefined {
    return this.tokens[this.at];
  }

  /** Takes the next token when it is of this kind. */
  accept(kind: FilterToken["kind"]): boolean {
    if (this.peek()?.kind !== kind) return false;
    this.at++;
    return true;
  }

  next(): FilterToken {
    const token = this.tokens[this.at++];
    if (token === undefined) throw new FilterSyntaxError("the filter ends early", this.at);
    return token;
  }
}

function either(reader: Reader): RunPredicate {
  const parts = [both(reader)];
  while (reader.accept("or")) parts.push(both(reader));
  return parts.length === 1 ? parts[0]! : (value) => parts.some((part) => part(value));
}

function both(reader: Reader): RunPredicate {
  const parts = [single(reader)];
  while (reader.accept("and")) parts.push(single(reader));
  return parts.length === 1 ? parts[0]! : (value) => parts.every((part) => part(value));
}

function single(reader: Reader): RunPredicate {
  const token = reader.next();
  if (token.kind === "not") {
    const inner = single(reader);
    return (value) => !inner(value);
  }
  if (token.kind === "(") {
    const inner = either(reader);
    if (!reader.accept(")")) throw new FilterSyntaxError("a bracket is not closed", 0);
    return inner;
  }
  if (token.kind !== "clause") throw new FilterSyntaxError(`"${token.kind}" where a comparison belongs`, 0);
  return (value) => compare(value(token.field), token.operator, token.value, token.field);
}

const TIME_FIELD = /utc$/i;
const WORD_FIELD = /^(status|runtype|type)$/i;

function compare(held: string | null, operator: Operator, wanted: string | null, field: string): boolean {
  if (held === null || wanted === null) {
    if (operator === "eq") return held === wanted;
    return operator === "ne" && held !== wanted;
  }
  const order = TIME_FIELD.test(field)
    ? Date.parse(held) - Date.parse(wanted)
    : textOrder(held, wanted, field);
  return VERDICTS[operator](order);
}

function textOrder(held: string, wanted: string, field: string): number {
  const [left, right] = WORD_FIELD.test(field) ? [held.toLowerCase(), wanted.toLowerCase()] : [held, wanted];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

const VERDICTS: Readonly<Record<Operator, (order: number) => boolean>> = {
  eq: (order) => order === 0,
  ne: (order) => order !== 0,
  ge: (order) => order >= 0,
  gt: (order) => order > 0,
  le: (order) => order <= 0,
  lt: (order) => order < 0,
};
