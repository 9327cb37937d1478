import type { StoreRef } from "../records/artifacts.ts";

/** One blob of a listing. */
export interface BlobItem {
  /** Full name inside the container. */
  readonly name: string;
  readonly size: number;
  /** Lower-case hex; null where the service has none (append blobs, block lists). */
  readonly md5: string | null;
  readonly contentType: string | null;
}

/** Where another storage service may copy a blob from. */
export interface CopySource {
  /** With SAS when the store works with keys. Secret: never logged, never in a record. */
  readonly url: string;
  /** `Bearer ...` for `x-ms-copy-source-authorization`, for stores that work with identities. */
  readonly authorization?: string;
}

/** A store that files are read from: a container of a blob store, the files of a run on an MLflow server. */
export interface ReadableStore {
  /** Base URL without credential, e.g. `https://acct.blob.core.windows.net` or `http://127.0.0.1:5000`. */
  readonly endpoint: string;
  /** Container, or run id. */
  readonly name: string;
  /** Null when it is not there. */
  head(name: string): Promise<BlobItem | null>;
  read(name: string): Promise<ReadableStream<Uint8Array>>;
  /** Absent where another storage service cannot read the files by itself. */
  copySource?(name: string): Promise<CopySource>;
}

/** Opens the store that a record names. Throws `Failure` (record) for one that is not trusted or not there. */
export type OpenStore = (ref: StoreRef) => Promise<ReadableStore>;

/** A container of a blob store, opened with whatever credential suits it. */
export interface BlobContainer extends ReadableStore {
  /** Blobs below a prefix, page by page; directory stubs of hierarchical accounts are left out. */
  list(prefix: string): AsyncIterable<readonly BlobItem[]>;
  copySource(name: string): Promise<CopySource>;
  /** Writes a small blob whole. */
  put(name: string, content: Uint8Array, contentType: string): Promise<void>;
  /** The copy ladder: from-URL copies first, then streamed in blocks. `size` null = unknown. Counts bytes. */
  copyFrom(
    name: string,
    from: {
      readonly container: ReadableStore;
      readonly name: string;
      readonly size: number | null;
      readonly contentType: string | null;
      /** Lower-case hex as listed; null when the listing had none, absent when nobody looked (costs a call). */
      readonly md5?: string | null;
    },
  ): Promise<{ readonly bytes: number }>;
}
