import type { WorkspaceState } from "../state.ts";

/** A blob address of the emulator, turned into Azurite's own. */
export interface BlobPlace {
  readonly workspace: WorkspaceState;
  /** Path as Azurite wants it, account first, still percent-encoded. */
  readonly path: string;
}

/**
 * Which account an address is for: `http://127.0.0.1:PORT/<account>/...` on loopback, `https://<account>.blob...` under
 * its real name. Null when it is none of this emulator's.
 */
export function blobPlace(url: URL, workspaces: readonly WorkspaceState[]): BlobPlace | null {
  const [label = "", service] = url.hostname.split(".");
  if (service === "blob") {
    const workspace = workspaces.find(({ facts }) => facts.account === label);
    return workspace === undefined ? null : { workspace, path: `/${label}${url.pathname}` };
  }
  const [, first = ""] = url.pathname.split("/");
  const workspace = workspaces.find(({ facts }) => facts.account === first);
  return workspace === undefined ? null : { workspace, path: url.pathname };
}
