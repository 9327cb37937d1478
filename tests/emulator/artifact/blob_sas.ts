import { createHmac } from "node:crypto";

/** A storage account that the emulator signs for. */
export interface SigningAccount {
  readonly name: string;
  /** Account key, base64. */
  readonly key: string;
}

/** What a signature allows: letters of `racwdl` in that order, for one blob or for a container. */
export interface SasScope {
  readonly container: string;
  /** Absent: the container and all that is in it. */
  readonly blob?: string;
  readonly permissions: string;
  /** Name that a browser saves the bytes under; the service sets it on read links. */
  readonly fileName?: string;
}

const VERSION = "2021-10-04";
const LIFE_MS = 8 * 3_600_000;
/** The service's links start ten minutes early, against clocks that are behind. */
const EARLY_MS = 600_000;

/**
 * Query string (without `?`) of a service SAS signed with the account key, valid for eight hours from `now`
 * (recorded links: start ten minutes early, end eight hours later; Azure ML blob notes D.2).
 */
export function blobSas(account: SigningAccount, scope: SasScope, now: number = Date.now()): string {
  const start = sasTime(now - EARLY_MS);
  const expiry = sasTime(now + LIFE_MS);
  const resource = scope.blob === undefined ? "c" : "b";
  const disposition = scope.fileName === undefined ? "" : `filename=${scope.fileName}`;
  const path = scope.blob === undefined ? scope.container : `${scope.container}/${scope.blob}`;
  const signature = createHmac("sha256", Uint8Array.from(atob(account.key), (char) => char.charCodeAt(0)))
    .update(
      [
        scope.permissions,
        start,
        expiry,
        `/blob/${account.name}/${path}`,
        ...["", "", ""], // stored policy, address range, protocol
        VERSION,
        resource,
        ...["", ""], // snapshot, encryption scope
        "", // cache control
        disposition,
        ...["", "", ""], // encoding, language, type
      ].join("\n"),
    )
    .digest("base64");
  const query = new URLSearchParams({ sv: VERSION, sr: resource, sig: signature, st: start, se: expiry });
  query.set("sp", scope.permissions);
  if (disposition !== "") query.set("rscd", disposition);
  return query.toString();
}

function sasTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
