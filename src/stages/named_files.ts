import type { FileRef } from "../records/artifacts.ts";

const UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;

/** Counts the files that records name, whose bytes they do not hold. */
export class NamedFiles {
  #files = 0;
  #bytes = 0;
  #unsized = 0;

  /** Takes the files of one job into account; answers their count and the bytes that are known. */
  add(files: readonly FileRef[]): { readonly files: number; readonly bytes: number } {
    let bytes = 0;
    for (const { size } of files) {
      if (size === null) this.#unsized++;
      else bytes += size;
    }
    this.#files += files.length;
    this.#bytes += bytes;
    return { files: files.length, bytes };
  }

  /** The line that is said at the end. */
  sentence(): string {
    const size = this.#bytes < 1024 ? "" : ` (${inUnits(this.#bytes)})`;
    const unsized = this.#unsized === 0 ? "" : `, ${this.#unsized} of them of unknown size`;
    return `${this.#files} files with ${this.#bytes} bytes${size} are named and not held${unsized}: ` +
      "the records say where they lie, and they are read from there";
  }
}

function inUnits(bytes: number): string {
  const power = Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length - 1);
  return `${(bytes / 1024 ** power).toFixed(1)} ${UNITS[power]}`;
}
