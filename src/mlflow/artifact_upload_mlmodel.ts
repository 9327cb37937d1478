import { sha256 } from "@noble/hashes/sha2.js";
// @ts-types="../records/types/encoding.d.ts"
import { encodeHex } from "@std/encoding";
import type { FileRef } from "../records/artifacts.ts";
import type { Loss } from "../records/loss.ts";

/** Larger files of this name are none of MLflow's. */
export const MLMODEL_MOST = 16 * 1024 * 1024;

/** Whether a file describes a model of MLflow's, and so names the run that logged it. */
export function isMlmodel(path: string): boolean {
  return path === "MLmodel" || path.endsWith("/MLmodel");
}

/**
 * The content of an `MLmodel` file that names the new run in place of the old one, with the loss that tells it; null
 * where it does not name the old one. Nothing but the id changes: comments and the order of keys stay.
 */
export function renameRun(
  file: Pick<FileRef, "path" | "md5">,
  content: Uint8Array,
  from: string,
  to: string,
): { readonly content: Uint8Array<ArrayBuffer>; readonly loss: Loss } | null {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(content);
  const line = /^(run_id:[ \t]*)(['"]?)([^'"\r\n]*?)\2([ \t]*)$/m;
  const renamed = text.replace(
    line,
    (all, key: string, quote: string, id: string, rest: string) =>
      id === from ? `${key}${quote}${to}${quote}${rest}` : all,
  );
  if (renamed === text) return null;
  const bytes = new TextEncoder().encode(renamed);
  const [before, after] = [hex(content), hex(bytes)];
  const reason = `it names the run in the target; sha256 ${before} became ${after}`;
  const original = { sha256: before, ...(file.md5 === undefined ? {} : { md5: file.md5 }) };
  return {
    content: bytes,
    loss: { field: `artifacts.${file.path}`, change: "rewritten", reason, original },
  };
}

function hex(bytes: Uint8Array): string {
  return encodeHex(sha256(bytes));
}
