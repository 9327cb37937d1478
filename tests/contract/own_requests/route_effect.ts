import { ROUTES } from "../../../src/wire/routes.ts";
import type { Effect, Route } from "../../../src/wire/wire.ts";

interface Known {
  readonly method: string;
  readonly pattern: RegExp;
  readonly effect: Effect;
}

const known: readonly Known[] = Object.values(ROUTES)
  .flatMap((service): Route[] => Object.values(service))
  .filter(({ path }) => path !== "")
  .map(({ method, path, effect }) => ({ method, effect, pattern: patternOf(path) }));

/** Addresses that a service gave: their routes have no path of their own. */
const GIVEN: readonly Known[] = [{ method: "GET", pattern: /^\/discovery$/, effect: "read" }];

/** What azml's own table of routes says of a request; null when no route of the table makes such a request. */
export function routeEffect(method: string, path: string): Effect | null {
  const row = [...known, ...GIVEN].find((one) => one.method === method && one.pattern.test(path));
  return row?.effect ?? null;
}

/** `path` of a route, its workspace written `{ws}`, its fixed query left out. */
function patternOf(path: string): RegExp {
  const [bare = ""] = path.split("?");
  const source = bare.replaceAll(/\{(\+?)(\w+)\}|[^{]+/g, (text, plus, name) => {
    if (name === undefined) return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return plus === "+" ? "\\{ws\\}" : "[^/]+";
  });
  return new RegExp(`^${source}$`);
}
