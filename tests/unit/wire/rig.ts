import { createWire, type WireOptions } from "../../../src/wire/create_wire.ts";
import type { Clock } from "../../../src/wire/clock.ts";
import { createPacers } from "../../../src/wire/pacer.ts";
import { createTokens } from "../../../src/wire/tokens.ts";
import type { Route, Wire } from "../../../src/wire/wire.ts";

/** A request as the little server saw it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

/** A little server on loopback, a wire that speaks to it, and all that happened. */
export interface Rig extends AsyncDisposable {
  readonly base: string;
  readonly wire: Wire;
  readonly seen: Seen[];
  /** Waits that the wire asked its clock for, in milliseconds; none of them took place. */
  readonly waits: number[];
  /** Resources that tokens were asked for. */
  readonly asked: string[];
}

export const GET: Route = { method: "GET", path: "/thing/{name}", effect: "read", repeatable: true };
export const QUERY: Route = { method: "POST", path: "/query", effect: "read", repeatable: true };
export const APPEND: Route = { method: "POST", path: "/append", effect: "write", repeatable: false };

/** Time that moves only when somebody sleeps. */
export function fakeClock(waits: number[] = []): Clock & { advance(ms: number): void } {
  let now = 1_000_000;
  return {
    now: () => now,
    random: () => 0.5,
    advance: (ms) => void (now += ms),
    sleep(ms, signal) {
      if (signal?.aborted) return Promise.reject(signal.reason);
      waits.push(ms);
      now += ms;
      return Promise.resolve();
    },
  };
}

/** Starts a rig; `answer` gets each request and its 0-based number. */
export function startRig(
  answer: (seen: Seen, number: number) => Response | Promise<Response>,
  options: Partial<WireOptions> = {},
): Rig {
  const seen: Seen[] = [];
  const waits: number[] = [];
  const asked: string[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    const url = new URL(request.url);
    const one = {
      method: request.method,
      path: url.pathname + url.search,
      headers: request.headers,
      body: await request.text(),
    };
    return await answer(one, seen.push(one) - 1);
  });
  const base = `http://127.0.0.1:${server.addr.port}`;
  const clock = fakeClock(waits);
  const wire = createWire({
    tenant: "t1",
    arm: base,
    resources: { arm: "https://arm", ml: "https://ml", storage: "https://storage" },
    hosts: [`127.0.0.1:${server.addr.port}`],
    tokens: createTokens((resource) => {
      asked.push(resource);
      return Promise.resolve({
        token: `${resource}#${asked.length}`,
        expiresOn: Number.MAX_SAFE_INTEGER,
      });
    }, clock),
    pacers: createPacers({ clock, start: 8, max: 32 }),
    userAgent: "azml/test",
    clock,
    ...options,
  });
  return { base, wire, seen, waits, asked, [Symbol.asyncDispose]: () => server.shutdown() };
}

/** The library keeps connections alive between tests, which the sanitizers take for leaks. */
export const KEEPS_CONNECTIONS = { sanitizeOps: false, sanitizeResources: false } as const;
