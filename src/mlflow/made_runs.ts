import type { Found } from "../stages/ports.ts";
import type { RunIndex } from "./find_runs.ts";
import type { RunReaders } from "./found_runs.ts";
import { exactRuns } from "./runs_exact.ts";

/**
 * The runs that azml made under some target names; `id` and `parent` of their records are target names, since MLflow's
 * own ids say nothing to who looks for a unit. A name that is not there is missing. Throws `Failure` when the server
 * cannot be searched.
 */
export async function* madeRuns(
  readers: RunReaders,
  index: RunIndex,
  names: readonly string[],
): AsyncGenerator<readonly Found[]> {
  const [found, nameOf] = [await index.find(names), await index.names()];
  const ids = names.flatMap((name) => found.get(name)?.target ?? []);
  for await (const batch of exactRuns(readers, ids)) yield batch.map((one) => named(one, nameOf));
  const absent = names.filter((name) => !found.has(name));
  if (absent.length > 0) yield absent.map(notMade);
}

function named(found: Found, nameOf: ReadonlyMap<string, string>): Found {
  if (found.kind === "missing") {
    return found.id === undefined ? found : { ...found, id: nameOf.get(found.id) ?? found.id };
  }
  const { record } = found.job;
  const [id, parent] = [record.id, record.parent ?? null].map((run) =>
    run === null ? null : nameOf.get(run) ?? run
  );
  return {
    ...found,
    job: { ...found.job, record: { ...record, id: id ?? record.id, parent: parent ?? null } },
  };
}

function notMade(id: string): Found {
  return { kind: "missing", id, code: "not_found", message: `no run is named ${id}`, retryable: false };
}
