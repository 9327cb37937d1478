import { Failure } from "../records/failure.ts";
import type { Route, Wire } from "./wire.ts";

/** A wire that sends no request with `effect: "write"`: for dry runs. Such a request throws `Failure` (usage). */
export function readOnly(wire: Wire): Wire {
  return {
    trust: (base) => wire.trust(base),
    calls: () => wire.calls(),
    async send(request) {
      refuseWrite(request.route);
      return await wire.send(request);
    },
    async open(request) {
      refuseWrite(request.route);
      return await wire.open(request);
    },
  };
}

/** Throws `Failure` (usage) for a route that changes something. */
export function refuseWrite({ effect, method, path }: Route): void {
  if (effect !== "write") return;
  throw new Failure(`${method} ${path} would change something, and this is a dry run`, {
    code: "write_in_dry_run",
    reach: "usage",
    retryable: false,
    hint: "leave --dry-run away to carry it out; in a dry run this is a fault of azml, please report it",
  });
}
