import type { BlockBlobClient } from "@azure/storage-blob";
import { Failure } from "../records/failure.ts";
import { storageFault, telling } from "./blob_failure.ts";
import type { BlobItem, ReadableStore } from "./container.ts";
import { type CopyWanted, type Rung, RUNGS } from "./copy_rungs.ts";
import type { BlobMeter, BlobPace } from "./credential.ts";

/** What a ladder copies to and with. */
export interface LadderTarget {
  /** Where, for messages. */
  readonly where: string;
  readonly meter: BlobMeter;
  readonly pace: BlobPace;
  client(name: string): BlockBlobClient;
  head(name: string): Promise<BlobItem | null>;
}

/** What is copied; `size` null when no listing told it. */
export interface LadderSource {
  readonly container: ReadableStore;
  readonly name: string;
  readonly size: number | null;
  readonly contentType: string | null;
  /** As listed; absent when nobody looked. */
  readonly md5?: string | null;
}

/** Copies one blob; answers the bytes that were moved (0 when the same blob was there). Throws `Failure`. */
export type CopyLadder = (name: string, from: LadderSource) => Promise<{ readonly bytes: number }>;

/** Answers that say that this way is closed between these two accounts, whatever the blob: by status, or by code. */
const CLOSED_STATUS: ReadonlySet<number> = new Set([401, 403, 405, 501]);
const CLOSED_CODE: ReadonlySet<string> = new Set([
  "CannotVerifyCopySource",
  "CopyAcrossAccountsNotSupported",
  "FeatureNotSupported",
  "InvalidHeaderValue",
  "UnsupportedHeader",
  "UnsupportedHttpVerb",
]);

function closes(thrown: unknown): boolean {
  const fault = storageFault(thrown);
  if (fault === null || fault.status === null || fault.status === 404) return false;
  return CLOSED_STATUS.has(fault.status) || CLOSED_CODE.has(fault.code);
}

function isThere(thrown: unknown): boolean {
  const code = storageFault(thrown)?.code;
  return code === "BlobAlreadyExists" || code === "UnauthorizedBlobOverwrite" || code === "ConditionNotMet";
}

/** Whether two blobs are the same as far as both sides tell. Two sizes alone are enough only after a copy. */
function sameBlob(a: BlobItem, b: BlobItem, md5Needed: boolean): boolean {
  if (a.size !== b.size) return false;
  if (a.md5 === null || b.md5 === null) return !md5Needed;
  return a.md5 === b.md5;
}

/**
 * Makes the copy ladder of a target container: the rungs are tried best first, and one that two accounts refused is
 * not tried again for that pair. A blob that is there with the same size and MD5 is left alone; after a copy the size
 * (and the MD5, where both have one) is compared.
 */
export function copyLadder(target: LadderTarget, rungs: readonly Rung[] = RUNGS): CopyLadder {
  const closed = new Map<string, Set<Rung>>();

  const climb = async (name: string, from: LadderSource, overwrite: boolean): Promise<Climbed> => {
    const source = await sourceOf(from);
    const wanted: CopyWanted = { client: target.client(name), from, source, overwrite, pace: target.pace };
    const shut = closed.get(from.container.endpoint) ?? new Set<Rung>();
    closed.set(from.container.endpoint, shut);
    const canRead = from.container.copySource !== undefined;
    const open = rungs.filter((rung) =>
      !shut.has(rung) && source.size <= rung.maxBytes && (canRead || !rung.remote)
    );
    for (const rung of open) {
      try {
        return { md5: await rung.copy(wanted) };
      } catch (thrown) {
        if (!overwrite && isThere(thrown)) return "there";
        if (rung === open.at(-1) || unreachable(thrown)) throw thrown;
        if (closes(thrown)) shut.add(rung);
      }
    }
    throw new Failure(`No way to copy "${from.name}" (${source.size} bytes) is left.`, {
      code: "copy_refused",
      reach: "record",
      retryable: false,
    });
  };

  return async (name, from) => {
    const told =
      `Copying "${from.name}" of ${from.container.endpoint}/${from.container.name} to "${name}" in ${target.where}`;
    return await telling(told, async () => {
      let climbed = await climb(name, from, false);
      if (climbed === "there") {
        if (await unchanged(target, name, from)) return { bytes: 0 };
        climbed = await climb(name, from, true);
      }
      const proven = climbed !== "there" && climbed.md5 !== null && climbed.md5 === from.md5;
      const bytes = proven && from.size !== null ? from.size : await checked(target, name, from, told);
      target.meter.bytes += bytes;
      return { bytes };
    });
  };
}

/** What came of trying the rungs: another blob was in the way, or a copy, with its MD5 where that was told. */
type Climbed = "there" | { readonly md5: string | null };

function unreachable(thrown: unknown): boolean {
  const fault = storageFault(thrown);
  return fault !== null && fault.status === null;
}

/** The source as it was listed; asked for only where the listing had no size. */
async function sourceOf(from: LadderSource): Promise<BlobItem> {
  if (from.size !== null) {
    return { name: from.name, size: from.size, md5: null, contentType: from.contentType };
  }
  return await present(from);
}

async function present(from: LadderSource): Promise<BlobItem> {
  const item = await from.container.head(from.name);
  if (item !== null) return item;
  throw new Failure(`The blob "${from.name}" is not in ${from.container.endpoint}/${from.container.name}.`, {
    code: "blob_not_found",
    reach: "record",
    retryable: false,
    status: 404,
  });
}

/** Whether what is there is the blob as it was listed or, failing that, as the source has it now. */
async function matches(there: BlobItem, from: LadderSource, md5Needed: boolean): Promise<boolean> {
  if (from.size !== null && from.md5 !== undefined) {
    const listed = { name: from.name, size: from.size, md5: from.md5, contentType: from.contentType };
    if (sameBlob(there, listed, md5Needed)) return true;
  }
  return sameBlob(there, await present(from), md5Needed);
}

async function unchanged(target: LadderTarget, name: string, from: LadderSource): Promise<boolean> {
  const there = await target.head(name);
  return there !== null && await matches(there, from, true);
}

/** Compares what arrived with the source: as listed, or as it is now (a log may have grown since). */
async function checked(
  target: LadderTarget,
  name: string,
  from: LadderSource,
  told: string,
): Promise<number> {
  const there = await target.head(name);
  if (there !== null && await matches(there, from, false)) return there.size;
  throw new Failure(`${told}: what arrived differs from the source (size or MD5).`, {
    code: "copy_differs",
    reach: "record",
    retryable: true,
    hint: "The source may have changed while it was copied: run it again.",
  });
}
