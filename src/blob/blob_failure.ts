import { Failure, type Reach } from "../records/failure.ts";

/** What is known of a storage error, read without trusting its class. */
export interface StorageFault {
  /** HTTP status; null when no answer came. */
  readonly status: number | null;
  /** `x-ms-error-code`, or the code of the network error. */
  readonly code: string;
  readonly requestId: string | null;
}

/** Reads status and code off whatever the storage library threw; null when that was no answer and no network error. */
export function storageFault(thrown: unknown): StorageFault | null {
  if (!(thrown instanceof Error) || !("code" in thrown || "statusCode" in thrown)) return null;
  const status = "statusCode" in thrown && typeof thrown.statusCode === "number" ? thrown.statusCode : null;
  const code = "code" in thrown && typeof thrown.code === "string" ? thrown.code : "";
  const details = "details" in thrown ? thrown.details : undefined;
  return {
    status,
    code: code || field(details, "errorCode") || (status === null ? "network_error" : `http_${status}`),
    requestId: field(details, "requestId") ?? null,
  };
}

function field(details: unknown, name: string): string | undefined {
  if (typeof details !== "object" || details === null) return undefined;
  const value = Object.entries(details).find(([key]) => key === name)?.[1];
  return typeof value === "string" ? value : undefined;
}

/** Reach and advice by HTTP status; `null` stands for no answer. */
const BY_STATUS: readonly {
  readonly test: (status: number | null) => boolean;
  readonly reach: Reach;
  readonly retryable: boolean;
  readonly hint: string;
}[] = [
  {
    test: (status) => status === null,
    reach: "unreachable",
    retryable: true,
    hint: "Check the network, the account's firewall and private endpoints, then run it again.",
  },
  {
    test: (status) => status === 401 || status === 403,
    reach: "auth",
    retryable: false,
    hint: "Check the role on the storage account (Storage Blob Data Reader or Contributor) and its firewall.",
  },
  {
    test: (status) => status === 429 || (status !== null && status >= 500),
    reach: "unreachable",
    retryable: true,
    hint: "The storage service is busy: run it again later, or with less concurrency.",
  },
  { test: () => true, reach: "record", retryable: false, hint: "Check the container and the blob's name." },
];

/**
 * Makes a `Failure` of what the storage library threw; anything else (a bug) is given back as it is. `tried` says
 * what was tried on what, without URLs: the library's own messages may hold a SAS and are not taken over.
 */
export function blobFailure(tried: string, thrown: unknown): unknown {
  if (thrown instanceof Failure) return thrown;
  const fault = storageFault(thrown);
  if (fault === null) return thrown;
  const row = BY_STATUS.find((candidate) => candidate.test(fault.status));
  if (row === undefined) return thrown;
  const answer = fault.status === null ? `no answer (${fault.code})` : `${fault.status} ${fault.code}`;
  return new Failure(`${tried}: storage gave ${answer}.`, {
    code: fault.code,
    reach: row.reach,
    retryable: row.retryable,
    hint: row.hint,
    ...(fault.status === null ? {} : { status: fault.status }),
    ...(fault.requestId === null ? {} : { requestId: fault.requestId }),
  });
}

/** Runs a call of the storage library and turns what it throws by {@linkcode blobFailure}. */
export async function telling<T>(tried: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (thrown) {
    throw blobFailure(tried, thrown);
  }
}
