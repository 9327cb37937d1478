import { Failure } from "../records/failure.ts";
import type { Route } from "../wire/wire.ts";
import { readOnly } from "../wire/read_only.ts";
import type { MlflowServer } from "./server.ts";

/** A server that is sent no request with `effect: "write"`: for dry runs. Such a request throws `Failure` (usage). */
export function readOnlyServer(server: MlflowServer): MlflowServer {
  return {
    id: server.id,
    address: server.address,
    abilities: server.abilities,
    wire: readOnly(server.wire),
    async send(route, details) {
      refuseWrite(route);
      return await server.send(route, details);
    },
    async open(route, details) {
      refuseWrite(route);
      return await server.open(route, details);
    },
  };
}

function refuseWrite({ effect, method, path }: Route): void {
  if (effect !== "write") return;
  throw new Failure(`${method} ${path} would change something, and this is a dry run`, {
    code: "write_in_dry_run",
    reach: "usage",
    retryable: false,
    hint: "leave --dry-run away to carry it out; in a dry run this is a fault of azml, please report it",
  });
}
