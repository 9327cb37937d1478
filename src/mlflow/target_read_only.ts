import { readOnly, refuseWrite } from "../wire/read_only.ts";
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
