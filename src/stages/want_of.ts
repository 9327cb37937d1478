import { keepRoot } from "./keep_root.ts";
import type { Want } from "./ports.ts";
import type { Selection } from "./selection.ts";

/** What a source is asked for. Where nothing was said of archived jobs they stay out, unless ids name what is wanted. */
export function wantOf(selection: Selection): Want {
  const archived = selection.archived ?? (selection.include === null ? "exclude" : "include");
  return {
    include: selection.include,
    archived,
    keep: keepRoot({ ...selection, archived }),
    maxDepth: selection.maxDepth,
    limit: selection.limit,
  };
}
