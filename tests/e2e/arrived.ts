import assert from "node:assert/strict";
import type { MetricRow, Run, WorkspaceState } from "../emulator/state.ts";
import type { Line } from "./lab.ts";

/** What a migration must bring across of one run, read from the emulator's state and not through azml. */
export interface Arrived {
  readonly id: string;
  readonly parent: string | null;
  readonly experiment: string;
  readonly display_name: string | null;
  readonly description: string | null;
  readonly status: string;
  readonly started: string | null;
  readonly ended: string | null;
  readonly params: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, readonly MetricRow[]>>;
  /** SHA-256 of the bytes of each file, by its path in the run. */
  readonly files: Readonly<Record<string, string>>;
}

/** Artifacts that azml writes beside those of the job. */
const OWN_FILES = /^azml\//;

/** The runs of a source workspace by their id, those left out that `keep` does not want. */
export async function sourceRuns(
  workspace: WorkspaceState,
  keep: (run: Run) => boolean = () => true,
): Promise<ReadonlyMap<string, Arrived>> {
  const runs = [...workspace.runs.values()].filter(keep);
  return new Map(
    await Promise.all(
      runs.map(async (run) => [run.runId, await read(workspace, run, (id) => id, true)] as const),
    ),
  );
}

/** The runs of a target workspace by the id of the job that they were made from. */
export async function targetRuns(workspace: WorkspaceState): Promise<ReadonlyMap<string, Arrived>> {
  const originOf = (id: string) => workspace.runs.get(id)?.tags["original_job_id"] ?? `?${id}`;
  const runs = new Map<string, Arrived>();
  for (const run of workspace.runs.values()) {
    const id = originOf(run.runId);
    assert.ok(!runs.has(id), `${id} arrived twice`);
    runs.set(id, await read(workspace, run, originOf, false));
  }
  return runs;
}

/** Fails unless a target holds exactly the wanted runs of a source, whole. */
export async function assertArrived(
  source: WorkspaceState,
  target: WorkspaceState,
  keep?: (run: Run) => boolean,
): Promise<void> {
  const [wanted, there] = [await sourceRuns(source, keep), await targetRuns(target)];
  assert.deepEqual([...there.keys()].sort(), [...wanted.keys()].sort());
  for (const [id, run] of wanted) assert.deepEqual(there.get(id), run, id);
}

/** Fails unless two targets hold the same, however each of them came to it. */
export async function assertSameState(one: WorkspaceState, other: WorkspaceState): Promise<void> {
  const [ours, theirs] = [await targetRuns(one), await targetRuns(other)];
  assert.deepEqual([...theirs.keys()].sort(), [...ours.keys()].sort());
  for (const [id, run] of ours) {
    assert.deepEqual(theirs.get(id), run, id);
    assert.deepEqual(tagsOf(other, id), tagsOf(one, id), `tags of ${id}`);
  }
}

/** The run of a target that was made from a job. Fails when there is none. */
export function runOf(target: WorkspaceState, origin: string): Run {
  const run = [...target.runs.values()].find(({ tags }) => tags["original_job_id"] === origin);
  assert.ok(run !== undefined, `${origin} is in the target`);
  return run;
}

/** Tags of the run that was made from a job. */
export function tagsOf(target: WorkspaceState, origin: string): Readonly<Record<string, string>> {
  return runOf(target, origin).tags;
}

/** What was put aside (`original`) in the losses of a receipt, by field. */
export function lossesOf(receipt: Line | undefined): ReadonlyMap<string, Line> {
  const losses = receipt?.["loss"];
  assert.ok(Array.isArray(losses));
  return new Map(losses.map((loss) => [loss.field, loss]));
}

/** All rows of a metric. */
export function rowsOf(run: Run | undefined, metric: string): MetricRow[] {
  const rows = run?.metrics.get(metric)?.rows;
  return Array.from({ length: rows?.length ?? 0 }, (_, index) => rows?.at(index)).filter((row) =>
    row !== undefined
  );
}

async function read(
  workspace: WorkspaceState,
  run: Run,
  originOf: (id: string) => string,
  isSource: boolean,
): Promise<Arrived> {
  return {
    id: originOf(run.runId),
    parent: run.parentRunId === null ? null : originOf(run.parentRunId),
    experiment: workspace.experiment(run.experimentId)?.name ?? "",
    display_name: run.displayName ?? (isSource ? run.runId : null),
    description: run.description,
    status: run.status,
    started: zulu(run.startTimeUtc),
    ended: zulu(run.endTimeUtc),
    params: sorted({ ...run.parameters, ...chosenFor(workspace, run) }),
    metrics: sorted(Object.fromEntries([...run.metrics.keys()].map((name) => [name, pointsOf(run, name)]))),
    files: await filesOf(workspace, run, isSource),
  };
}

/**
 * Rows as they must arrive: a point that was logged without a step stands at step 0, as in MLflow, and a pointer to a
 * file names the file of its own run (for some types with an `outputs` before it that readers take away).
 */
function pointsOf(run: Run, metric: string): MetricRow[] {
  return rowsOf(run, metric).map(({ step, time, data }) => ({
    step: step ?? 0,
    time,
    data: Object.fromEntries(
      Object.entries(data).map((
        [name, value],
      ) => [name, typeof value === "string" ? fileOf(run, value) : value]),
    ),
  }));
}

function fileOf(run: Run, text: string): string {
  const own = `aml://artifactId/ExperimentRun/${run.dataContainerId}/`;
  return text.startsWith(own) ? `file ${text.slice(own.length).replace(/^outputs\//, "")}` : text;
}

/** What a sweep chose for a trial stands in a tag of the sweep, and is among the params of the trial that arrives. */
function chosenFor(workspace: WorkspaceState, run: Run): Record<string, string> {
  const parent = workspace.runs.get(run.parentRunId ?? "");
  const choice: Record<string, unknown> = JSON.parse(parent?.tags[`_aml_system_${run.runId}`] ?? "{}");
  return Object.fromEntries(Object.entries(choice).map(([name, value]) => [name, String(value)]));
}

/** The service leaves zeros at the end of a fraction away. */
function zulu(time: string | null): string | null {
  return time?.replace("+00:00", "Z").replace(/(\.\d*?)0+Z$/, "$1Z").replace(".Z", "Z") ?? null;
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => a < b ? -1 : 1));
}

/** In a source, blobs that nobody registered are files too; in a target, what was not registered did not arrive. */
async function filesOf(
  workspace: WorkspaceState,
  run: Run,
  isSource: boolean,
): Promise<Record<string, string>> {
  const places = new Map<string, { container: string; name: string }>();
  const prefix = `ExperimentRun/${run.dataContainerId}/`;
  if (isSource) {
    for (const { name } of await workspace.storage.list("azureml", prefix)) {
      places.set(name.slice(prefix.length), { container: "azureml", name });
    }
  }
  for (const artifact of workspace.artifactsOf("ExperimentRun", run.dataContainerId)?.values() ?? []) {
    const container = workspace.datastores.get(artifact.dataStoreName)?.container ?? "azureml";
    places.set(artifact.path, { container, name: artifact.relativePath });
  }
  const files: Record<string, string> = {};
  for (const [path, { container, name }] of places) {
    if (!OWN_FILES.test(path)) files[path] = await hash(await workspace.storage.read(container, name));
  }
  return sorted(files);
}

async function hash(bytes: Uint8Array<ArrayBuffer> | null): Promise<string> {
  if (bytes === null) return "no such blob";
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
