import { Failure } from "../records/failure.ts";
import { isJsonObject, type JsonValue } from "../records/json.ts";
import type { Wire, WireRequest } from "./wire.ts";

/** Sees that a service gives the same page again and again. */
interface LoopGuard {
  /** Throws `Failure` when the token was seen before in a cycle. */
  check(token: string): void;
}

/**
 * Pages of a list that links to its next page (ARM: `{value, nextLink}`). The link is followed as it came: filters are
 * in it. Yields the `value` of each page, empty ones too.
 */
export async function* followLinks(
  wire: Wire,
  first: WireRequest,
): AsyncGenerator<readonly JsonValue[], void, undefined> {
  const guard = createLoopGuard(first);
  const { base: _base, vars: _vars, query: _query, ...rest } = first;
  let request = first;
  for (;;) {
    const { body } = await wire.send(request);
    yield valuesOf(body, "value");
    const next = textOf(body, "nextLink");
    if (next === null) return;
    guard.check(next);
    request = { ...rest, url: whole(next, first.base) };
  }
}

/**
 * Pages of a list that hands out a token (run history, metrics, artifacts: `{value, continuationToken}`). `request`
 * makes the request for a token; null asks for the first page. A token that stands only in `nextLink` is taken from it. Yields whole answers, because they hold more than `value`.
 */
export async function* followTokens(
  wire: Wire,
  request: (token: string | null) => WireRequest,
  field = "continuationToken",
): AsyncGenerator<JsonValue, void, undefined> {
  const first = request(null);
  const guard = createLoopGuard(first);
  let next: WireRequest = first;
  for (;;) {
    const { body } = await wire.send(next);
    yield body;
    const token = textOf(body, field) ?? tokenInLink(textOf(body, "nextLink"), first);
    if (token === null) return;
    guard.check(token);
    next = request(token);
  }
}

/** A link as it came; one that leaves out the host is below the first request's. */
function whole(link: string, base: string | undefined): string {
  return base === undefined || /^[a-z][a-z0-9+.-]*:/i.test(link) ? link : new URL(link, base).href;
}

/**
 * The token in a link to the next page, for a service that gives only the link; null for no link. Throws `Failure`
 * when there is none in it, because what comes behind that page would be lost without a word.
 */
function tokenInLink(link: string | null, { route, base }: WireRequest): string | null {
  if (link === null) return null;
  const query = URL.canParse(link, base) ? new URL(link, base).searchParams : new URLSearchParams();
  for (const [name, value] of query) {
    if (/^\$?(continuation|skip)token$/i.test(name) && value !== "") return value;
  }
  throw new Failure(`${route.method} ${route.path} says that there is a next page, and not which`, {
    code: "paging_unknown",
    reach: "record",
    retryable: false,
  });
}

/** The list in an answer; empty when there is none. */
export function valuesOf(body: JsonValue, field: string): readonly JsonValue[] {
  const values = isJsonObject(body) ? body[field] : undefined;
  return Array.isArray(values) ? values : [];
}

function textOf(body: JsonValue, field: string): string | null {
  const value = isJsonObject(body) ? body[field] : undefined;
  return typeof value === "string" && value !== "" ? value : null;
}

/** Brent's way of finding a cycle: one remembered token, moved on at powers of two. */
function createLoopGuard(first: WireRequest): LoopGuard {
  let remembered: string | null = null;
  let steps = 0;
  let power = 1;
  return {
    check(token) {
      if (token === remembered) {
        throw new Failure(`${first.route.method} ${first.route.path} gives the same page again and again`, {
          code: "paging_loop",
          reach: "record",
          retryable: true,
          hint: "this is a fault of the service: run it again",
        });
      }
      steps++;
      if (steps < power) return;
      remembered = token;
      power *= 2;
      steps = 0;
    },
  };
}
