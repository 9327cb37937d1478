import type * as z from "zod";

/** How many faults one message names. */
const NAMED = 3;

/** What a schema has against a record: the path of the first field, and a sentence that names up to three. */
export interface SchemaFault {
  /** E.g. `metrics.loss[1][2]`. */
  readonly field: string;
  readonly message: string;
}

/** Puts a schema's issues into words. No value of the record is in it, as that may be a secret. */
export function schemaFault(issues: readonly z.core.$ZodIssue[]): SchemaFault {
  const named = issues.slice(0, NAMED).map((issue) => `"${fieldPath(issue.path)}" ${complaint(issue)}`);
  const more = issues.length > NAMED ? ` and ${issues.length - NAMED} more` : "";
  return { field: fieldPath(issues[0]?.path ?? []), message: named.join("; ") + more };
}

/** Writes a path as jq users do: `metrics.loss[1][2]`. */
export function fieldPath(path: readonly PropertyKey[]): string {
  let text = "";
  for (const step of path) {
    text += typeof step === "number" ? `[${step}]` : (text === "" ? "" : ".") + String(step);
  }
  return text === "" ? "record" : text;
}

function complaint(issue: z.core.$ZodIssue): string {
  const { expected, received } = expectation(issue);
  if (expected.length === 0) return lowerFirst(issue.message);
  if (received === "undefined") return `is missing (expected ${expected.join(" or ")})`;
  return `must be ${expected.join(" or ")}` + (received === null ? "" : ` and is ${received}`);
}

/** Collects what was expected; the alternatives of a union lie one level down. */
function expectation(issue: z.core.$ZodIssue): { expected: string[]; received: string | null } {
  const received = /received (\S+)$/.exec(issue.message)?.[1] ?? null;
  if (issue.code === "invalid_type") return { expected: [issue.expected], received };
  if (issue.code === "invalid_value") {
    return { expected: issue.values.map((value) => JSON.stringify(value) ?? String(value)), received };
  }
  if (issue.code === "invalid_union") {
    const inner = issue.errors.flatMap((errors) => errors.slice(0, 1)).map((one) => expectation(one));
    return {
      expected: [...new Set(inner.flatMap((one) => one.expected))],
      received: inner.find((one) => one.received !== null)?.received ?? null,
    };
  }
  if (issue.code === "invalid_format") {
    return { expected: [`text that matches ${issue.pattern ?? issue.format}`], received };
  }
  return { expected: [], received };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
