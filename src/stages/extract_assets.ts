import { asFailure } from "../records/as_failure.ts";
import type { AssetKind, AssetRecord } from "../records/asset.ts";
import type { Failure } from "../records/failure.ts";
import { redactJob } from "../records/redact.ts";
import { partFault, reachesBeyondPart } from "./part_fault.ts";
import type { AssetSource, AssetWant, Fault, FoundAsset } from "./ports.ts";

/** An object with its files, or what is said of one that has no record. */
export type GatheredAsset =
  | {
    readonly kind: "asset";
    readonly record: AssetRecord;
    /** All of `record.incomplete`, with what an `error` record says on top. */
    readonly faults: readonly Fault[];
    /** Set when nothing further can be read from the source. */
    readonly fatal: Failure | null;
  }
  | Exclude<FoundAsset, { readonly kind: "asset" }>;

/** Lists objects of some kinds and reads the files of those that have files of their own. Throws as the source does. */
export async function* gatherAssets(
  source: AssetSource,
  kinds: readonly AssetKind[],
  want: AssetWant,
  withArtifacts: boolean,
): AsyncGenerator<GatheredAsset, void, undefined> {
  for await (const batch of source.list(kinds, want)) {
    for (const found of batch) yield found.kind === "asset" ? await gathered(found, withArtifacts) : found;
  }
}

async function gathered(
  { record, faults, artifacts }: Extract<FoundAsset, { readonly kind: "asset" }>,
  withArtifacts: boolean,
): Promise<GatheredAsset> {
  if (!withArtifacts || artifacts === null) return whole(record, faults, null);
  try {
    const read = await artifacts();
    return whole({ ...record, artifacts: read.artifacts }, [...faults, ...read.faults], null);
  } catch (error) {
    const failure = asFailure(error);
    const fatal = reachesBeyondPart(failure) ? failure : null;
    return whole(record, [...faults, partFault(failure, "artifacts")], fatal);
  }
}

function whole(found: AssetRecord, faults: readonly Fault[], fatal: Failure | null): GatheredAsset {
  const { value, redacted } = redactJob(found);
  const incomplete = faults.map(({ part, code, message }) => ({ part, code, message }));
  const record = {
    ...value,
    ...(incomplete.length > 0 ? { incomplete: [...value.incomplete ?? [], ...incomplete] } : {}),
    ...(redacted.length > 0 ? { redacted } : {}),
  };
  return { kind: "asset", record, faults, fatal };
}
