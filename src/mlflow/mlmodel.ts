import type { FileRef } from "../records/artifacts.ts";
import { sha256Hex } from "../records/digest.ts";
import type { Loss } from "../records/loss.ts";

/** Larger files of this name are none of MLflow's. */
export const MLMODEL_MOST = 16 * 1024 * 1024;

/** Whether a file describes a model of MLflow's, and so names the run that logged it. */
export function isMlmodel(path: string): boolean {
  return path === "MLmodel" || path.endsWith("/MLmodel");
}

/** An id or address that an `MLmodel` file names, and what it is in the target. */
export interface Renaming {
  readonly key: "run_id" | "model_id" | "artifact_path";
  readonly from: string;
  readonly to: string;
}

/**
 * The content of an `MLmodel` file that names the target's run and logged model in place of the source's, with the loss
 * that tells it; null where it names neither. Nothing but the ids changes: comments and the order of keys stay.
 */
export function renameIds(
  file: Pick<FileRef, "path" | "md5">,
  content: Uint8Array,
  renamings: readonly Renaming[],
): { readonly content: Uint8Array<ArrayBuffer>; readonly loss: Loss } | null {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(content);
  const renamed = renamings.reduce(renameOne, text);
  if (renamed === text) return null;
  const bytes = new TextEncoder().encode(renamed);
  const [before, after] = [sha256Hex(content), sha256Hex(bytes)];
  const reason = `it names the run and model in the target; sha256 ${before} became ${after}`;
  const original = { sha256: before, ...(file.md5 === undefined ? {} : { md5: file.md5 }) };
  return {
    content: bytes,
    loss: { field: `artifacts.${file.path}`, change: "rewritten", reason, original },
  };
}

/** The run that an `MLmodel` file names; null for none. */
export function runIn(content: Uint8Array): string | null {
  return /^run_id:[ \t]*['"]?([^'"\s]+)['"]?[ \t]*$/m.exec(new TextDecoder().decode(content))?.[1] ?? null;
}

function renameOne(text: string, { key, from, to }: Renaming): string {
  const line = new RegExp(`^(${key}:[ \\t]*)(['"]?)([^'"\\r\\n]*?)\\2([ \\t]*)$`, "m");
  return text.replace(
    line,
    (all, name: string, quote: string, id: string, rest: string) =>
      id === from ? `${name}${quote}${to}${quote}${rest}` : all,
  );
}
