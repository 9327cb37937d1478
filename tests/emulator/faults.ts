/** What happens to a request that a rule fits. */
export type FaultAction =
  /** 429 with `Retry-After` in seconds; nothing is done. */
  | { readonly kind: "throttle"; readonly retryAfter: number }
  /** This status with the service's own error envelope; nothing is done. */
  | { readonly kind: "fail"; readonly status: number; readonly code?: string; readonly message?: string }
  /** The answer waits. */
  | { readonly kind: "delay"; readonly ms: number }
  /** The request is carried out; the connection breaks in the middle of the body. */
  | { readonly kind: "cut" }
  /** The request is carried out; the connection breaks before the first byte of the answer. */
  | { readonly kind: "drop" }
  /** The connection breaks before anything is done. */
  | { readonly kind: "reset" };

/** A rule for some requests. */
export interface FaultRule {
  /** Name of a route (`history.run.patch`), or a regular expression tried on `METHOD /path?query` and on the name. */
  readonly match: string | RegExp;
  /** How often it strikes; for ever when absent. */
  readonly times?: number;
  /** How many fitting requests it lets pass first. */
  readonly after?: number;
  readonly action: FaultAction;
}

/** The rules in force. The first that fits strikes. */
export class Faults {
  #rules: { rule: FaultRule; pattern: RegExp; left: number; skip: number }[] = [];

  add(rule: FaultRule): void {
    const pattern = typeof rule.match === "string" ? new RegExp(rule.match, "i") : rule.match;
    this.#rules.push({ rule, pattern, left: rule.times ?? Infinity, skip: rule.after ?? 0 });
  }

  clear(): void {
    this.#rules = [];
  }

  /** The action for a request, counted as having struck; null when no rule fits. */
  strike(route: string | null, method: string, path: string): FaultAction | null {
    for (const entry of this.#rules) {
      const fits = entry.rule.match === route || entry.pattern.test(`${method} ${path}`) ||
        (route !== null && entry.pattern.test(route));
      if (!fits || entry.left <= 0) continue;
      if (entry.skip > 0) {
        entry.skip -= 1;
        continue;
      }
      entry.left -= 1;
      return entry.rule.action;
    }
    return null;
  }
}
