import { mixed, type TextHash, textPrefix } from "../records/text_marks.ts";

/** Hashes by which jobs are known in a stream that joins several sources. */
export class JobKeys {
  /** The source of the job before, taken in: streams rarely change theirs. */
  #latest: { readonly source: string | null | undefined; readonly hash: TextHash } | null = null;

  /** A hash of the source (case ignored) and the id. */
  of(source: string | null | undefined, id: string): TextHash {
    if (this.#latest === null || this.#latest.source !== source) {
      this.#latest = { source, hash: textPrefix(`${(source ?? "").toLowerCase()}\n`) };
    }
    return mixed(textPrefix(id, this.#latest.hash));
  }
}
