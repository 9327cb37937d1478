import type { errorRecord } from "../records/error_record.ts";
import type { UnitRecord } from "../records/unit.ts";
import type { FailedFile } from "./ports.ts";

/** What to do about files that failed of a cause that submit's own words name best. */
const HINTS: Readonly<Record<string, string>> = {
  store_not_trusted: "submit --source with the config of that workspace",
};

const AGAIN = "run it again: what has arrived is not copied twice";

/**
 * What the `error` record says of a unit whose files did not all arrive; its hint is that of the first one that no
 * further try mends, and it is retryable when all of them are. `failed` is not empty.
 */
export function filesFailed(
  unit: UnitRecord,
  failed: readonly FailedFile[],
): Omit<Parameters<typeof errorRecord>[0], "stage" | "id"> {
  const lasting = failed.find(({ retryable }) => retryable === false);
  const first = lasting ?? failed[0];
  const hint = HINTS[first?.code ?? ""] ?? first?.hint ?? (lasting === undefined ? AGAIN : undefined);
  return {
    code: "artifacts_failed",
    message: `${failed.length} files of job ${unit.origin.id} did not arrive ` +
      `(first: ${first?.path}: ${first?.message})`,
    ...(hint === undefined ? {} : { hint }),
    retryable: lasting === undefined,
  };
}
