import type { Server } from "./call.ts";
import { Files } from "./state/files.ts";
import { type Generated, generatedFiles } from "./generate.ts";
import { Store } from "./state/store.ts";

/** A server with an empty workspace `default` that holds the experiment of id 0. */
export function makeServer(
  options: { version: string; proxies: boolean; hasWorkspaces: boolean; generated: Generated },
): Server {
  const { version, proxies, hasWorkspaces, generated } = options;
  const stores = new Map<string, Store>();
  let experiments = 0;
  let last = 0;
  const server: Server = {
    version,
    proxies,
    hasWorkspaces,
    stores,
    addStore(name) {
      const root = proxies ? "mlflow-artifacts:" : "/double/root";
      const files = new Files(name === "default" ? generatedFiles(generated) : undefined);
      const place = !hasWorkspaces ? root : `${root}/workspaces/${name}`;
      const store = new Store(name, place, files, () => String(++experiments));
      stores.set(name, store);
      return store;
    },
    now: () => last = Math.max(Date.now(), last + 1),
  };
  server.addStore("default").addExperiment("Default", { id: "0", now: server.now() });
  return server;
}
