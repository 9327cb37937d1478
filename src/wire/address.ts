import type { WireRequest } from "./wire.ts";

/**
 * The whole address of a request: `url` verbatim, or `base` and the route's path with its variables filled in; the
 * query is added behind. Values are percent-encoded once, as the services expect. Throws `Error` (a bug) for a missing
 * variable, and `TypeError` for what is no address.
 */
export function addressOf(request: WireRequest): URL {
  const start = request.url ?? `${request.base ?? ""}${fill(request)}`;
  const added = Object.entries(request.query ?? {}).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).flatMap((one) =>
      one === undefined ? [] : [`${name}=${encodeURIComponent(one)}`]
    )
  );
  if (added.length === 0) return new URL(start);
  return new URL(`${start}${start.includes("?") ? "&" : "?"}${added.join("&")}`);
}

function fill({ route, vars = {} }: WireRequest): string {
  return route.path.replaceAll(/\{(\+?)(\w+)\}/g, (_all, raw: string, name: string) => {
    const value = vars[name];
    if (value === undefined) throw new Error(`route ${route.path} needs a value for ${name}`);
    return raw === "+" ? value : encodeURIComponent(value);
  });
}

/** Whether a host name (as `URL.hostname` gives it) is this very machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
