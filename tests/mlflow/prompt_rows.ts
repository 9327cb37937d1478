import type { Clause } from "./filter.ts";

const KEY = "mlflow.prompt.is_prompt";

/** Clauses and a test that keep prompts out, or only them, as searches of the registry do. */
export interface PromptRule {
  /** What is left of the filter. */
  readonly clauses: readonly Clause[];
  /** Whether what carries these tags is of the kind that is searched. */
  readonly wants: (tags: ReadonlyMap<string, string>) => boolean;
}

/** Prompts are registered models with a tag. Searches leave them out unless the filter asks for them. */
export function promptRule(clauses: readonly Clause[]): PromptRule {
  const first = clauses.find(({ kind, key }) => kind === "tag" && key === KEY);
  const value = first?.values[0]?.toLowerCase();
  const asked = (first?.operator === "=" && value === "true") ||
    (first?.operator === "!=" && value === "false");
  if (asked) return { clauses, wants: () => true };
  return {
    clauses: clauses.filter(({ kind, key }) => kind !== "tag" || key !== KEY),
    wants: (tags) => tags.get(KEY) !== "true",
  };
}
