import type { ServerKind } from "./server.ts";

/** A way from one server to another. */
export interface Route {
  readonly from: ServerKind;
  readonly to: ServerKind;
  /** Whether the stages run in a pipe or in one process. */
  readonly by: "replay" | "pipe";
}

/** The ways on which everything that a server can hold is moved. */
export const ROUTES: readonly Route[] = [
  {
    from: { release: 2, artifacts: "unproxied", scene: "full" },
    to: { release: 3, artifacts: "proxied" },
    by: "replay",
  },
  {
    from: { release: 3, artifacts: "unproxied", scene: "full" },
    to: { release: 2, artifacts: "proxied" },
    by: "pipe",
  },
  {
    from: { release: 3, artifacts: "proxied", scene: "full" },
    to: { release: 3, artifacts: "proxied" },
    by: "replay",
  },
];

/** What a route is called in the name of its test. */
export function nameOf({ from, to, by }: Route): string {
  return `from ${from.release}.x ${from.artifacts} to ${to.release}.x ${to.artifacts}, by ${by}`;
}
