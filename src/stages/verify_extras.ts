import type { Item } from "../records/item.ts";
import { NAME_TAG, ORIGIN_TAG, SOURCE_TAG } from "../records/lineage_tags.ts";
import type { Verification } from "./verification.ts";

/**
 * Objects of the target that azml made of the sources that the stream came from, and that the stream does not hold:
 * one look at every job of the target, by its tags alone.
 */
export async function* verifyExtras(
  verification: Verification,
): AsyncGenerator<readonly Item[], void, undefined> {
  const want = { include: null, archived: "include", keep: () => true, maxDepth: null, limit: null } as const;
  for await (const batch of verification.target.jobs(want)) {
    if (verification.signal.aborted) return;
    const extras: Item[] = [];
    for (const found of batch) {
      if (found.kind !== "job") continue;
      const { id, tags } = found.job.record;
      const name = tags?.[NAME_TAG] ?? id;
      const source = tags?.[SOURCE_TAG]?.toLowerCase();
      if (source === undefined || !verification.sources.has(source) || verification.isExpected(name)) {
        continue;
      }
      verification.symbols["-"]++;
      const original = tags?.[ORIGIN_TAG] ?? id;
      extras.push({ record: { kind: "diff", v: 1, id: original, symbol: "-", fields: [], target: id } });
    }
    if (extras.length > 0) yield extras;
  }
}
