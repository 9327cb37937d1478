import type { OpenStore } from "../blob/container.ts";
import { md5Checked } from "../blob/md5_checked.ts";
import type { FileRef, StoreRef } from "../records/artifacts.ts";
import { Failure } from "../records/failure.ts";

/** A file where its bytes are. */
export interface SourceFile {
  readonly size: number;
  /** Errors with a `Failure` behind the last byte when they are not those of the listed MD5. */
  readonly open: () => Promise<ReadableStream<Uint8Array>>;
}

/** Finds the bytes of a file of a record. Throws `Failure` when they are not there, or the store is not trusted. */
export async function openSource(
  stores: OpenStore,
  store: StoreRef | null,
  file: FileRef,
): Promise<SourceFile> {
  const ref = file.at?.store ?? store;
  if (ref === null) {
    throw new Failure("The record does not say where its bytes are.", {
      code: "no_store",
      reach: "record",
      retryable: false,
      hint: "Name the source with --source.",
    });
  }
  const from = await stores(ref);
  const name = file.at?.path ?? `${ref.prefix ?? ""}${file.path}`;
  const size = file.size ?? (await from.head(name))?.size;
  if (size === undefined) throw notThere(file.path);
  const open = async () => checked(await from.read(name), file);
  return { size, open };
}

function checked(stream: ReadableStream<Uint8Array>, { path, md5 }: FileRef): ReadableStream<Uint8Array> {
  return md5 === undefined ? stream : md5Checked(stream, md5, (came) => hashDiffers(path, came, md5));
}

function hashDiffers(path: string, came: string, listed: string): Failure {
  return new Failure(`The bytes of the file "${path}" have the MD5 ${came}, and ${listed} was listed.`, {
    code: "content_differs",
    reach: "record",
    retryable: true,
    hint: "the source may have changed while it was copied: run it again",
  });
}

function notThere(path: string): Failure {
  return new Failure(`The file "${path}" is not where its record says.`, {
    code: "file_missing",
    reach: "record",
    retryable: false,
    hint: "extract the run again: its source may have lost the file",
  });
}
