import { Failure } from "../records/failure.ts";
import type { Wire } from "./wire.ts";

/** A wire that sends no request with `effect: "write"`: for dry runs. Such a request throws `Failure` (usage). */
export function readOnly(wire: Wire): Wire {
  return {
    trust: (base) => wire.trust(base),
    calls: () => wire.calls(),
    async send(request) {
      const { effect, method, path } = request.route;
      if (effect === "write") {
        throw new Failure(`${method} ${path} would change something, and this is a dry run`, {
          code: "write_in_dry_run",
          reach: "usage",
          retryable: false,
          hint:
            "leave --dry-run away to carry it out; in a dry run this is a fault of azml, please report it",
        });
      }
      return await wire.send(request);
    },
  };
}
