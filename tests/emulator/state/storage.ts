/** Letters of a SAS: read, add, create, write, delete, list. */
export type SasPermissions = string;

/** The storage account of a workspace: real blobs behind it (Azurite), reached through the emulator's own port. */
export interface BlobStorage {
  readonly account: string;
  /** The account key, base64. */
  readonly key: string;
  /** Address of a container, or of a blob in it, as clients are told it; percent-encoded, no SAS. */
  url(base: string, container: string, path?: string): string;
  /** The same with a SAS for the blob, or for the whole container when there is no path. */
  sasUrl(base: string, container: string, path: string | undefined, permissions: SasPermissions): string;
  /** A SAS token (no `?`) for a container. */
  containerSas(container: string, permissions: SasPermissions): string;
  createContainer(container: string): Promise<void>;
  /** The bytes of a blob; null when it is not there. */
  read(container: string, path: string): Promise<Uint8Array<ArrayBuffer> | null>;
  write(
    container: string,
    path: string,
    bytes: Uint8Array<ArrayBuffer>,
    options?: BlobOptions,
  ): Promise<void>;
  /** Size in bytes of a blob; null when it is not there. */
  size(container: string, path: string): Promise<number | null>;
  remove(container: string, path: string): Promise<void>;
  /** Names of the blobs below a prefix. */
  list(container: string, prefix: string): Promise<{ name: string; size: number }[]>;
}

/** How a blob is written. */
export interface BlobOptions {
  readonly contentType?: string;
  /** An append blob, which has no MD5. */
  readonly append?: boolean;
}
