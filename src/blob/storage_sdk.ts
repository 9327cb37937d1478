/** The storage library, as its module. */
export type StorageSdk = typeof import("@azure/storage-blob");

/**
 * Loads the storage library the first time that it is needed; the module cache keeps it. Everything in this
 * folder takes it from here, so that offline stages and `--help` never pay for it.
 */
export function storageSdk(): Promise<StorageSdk> {
  return import("@azure/storage-blob");
}
