import { type ArmJob, type Asset, assetKey, type AssetKind, type Datastore } from "./state/arm.ts";
import { type Artifact, containerKey } from "./state/artifact.ts";
import { Clock } from "./state/clock.ts";
import type { Experiment } from "./state/experiment.ts";
import { guidFrom } from "./state/guid.ts";
import { newRun, type Run, type RunSeed } from "./state/run.ts";
import type { BlobStorage } from "./state/storage.ts";

export type { ArmJob, Asset, AssetKind, Datastore } from "./state/arm.ts";
export type { Artifact } from "./state/artifact.ts";
export type { Experiment } from "./state/experiment.ts";
export type { MetricRow, MetricRows, MetricSeries } from "./state/metric.ts";
export type { Run, RunSeed, UserInfo } from "./state/run.ts";
export type { BlobStorage } from "./state/storage.ts";

/** Everything that the emulator knows. */
export interface EmulatorState {
  readonly workspaces: readonly WorkspaceState[];
}

/** Who and where a workspace is. */
export interface WorkspaceFacts {
  /** Short name in tests and config files: `a`, `b`. */
  readonly key: string;
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly name: string;
  /** `properties.workspaceId`. */
  readonly guid: string;
  readonly region: string;
  readonly tenant: string;
  /** Storage account of the workspace. */
  readonly account: string;
}

/** One workspace: its runs, jobs, assets and indexes over them. Everything goes through methods that keep the indexes true. */
export class WorkspaceState {
  readonly facts: WorkspaceFacts;
  readonly clock: Clock;
  readonly storage: BlobStorage;
  readonly runs = new Map<string, Run>();
  readonly experiments = new Map<string, Experiment>();
  readonly jobs = new Map<string, ArmJob>();
  readonly datastores = new Map<string, Datastore>();
  /** By {@linkcode assetKey}. */
  readonly assets = new Map<string, Asset>();
  /** Artifacts by `{origin}/{container}`, then by path. */
  readonly artifacts = new Map<string, Map<string, Artifact>>();
  readonly #experimentIds = new Map<string, string>();
  readonly #children = new Map<string, string[]>();
  readonly #byExperiment = new Map<string, string[]>();
  #changes = 0;

  constructor(facts: WorkspaceFacts, storage: BlobStorage, clock = new Clock()) {
    this.facts = facts;
    this.storage = storage;
    this.clock = clock;
  }

  /** `/subscriptions/.../workspaces/<name>`, in canonical casing. */
  get armPath(): string {
    const { subscription, resourceGroup, name } = this.facts;
    return `/subscriptions/${subscription}/resourceGroups/${resourceGroup}` +
      `/providers/Microsoft.MachineLearningServices/workspaces/${name}`;
  }

  /** Grows with every {@linkcode touch}: the `updateSequence` of the index service. */
  get changes(): number {
    return this.#changes;
  }

  /** Says that a run changed now: sets its `lastModifiedUtc`, counts its revision. */
  touch(run: Run): void {
    run.lastModifiedUtc = this.clock.now();
    run.revision += 1;
    run.changedAt = Date.now();
    this.#changes += 1;
  }

  /** Adds a run; its experiment must be there. Root and parent are worked out from `parentRunId`. */
  addRun(seed: RunSeed): Run {
    const parent = seed.parentRunId ? this.runs.get(seed.parentRunId) : undefined;
    const run = newRun(seed, {
      now: this.clock.now(),
      rootRunId: parent?.rootRunId ?? seed.parentRunId ?? seed.runId,
      guid: guidFrom(`${this.facts.guid}/${seed.runId}`),
    });
    this.runs.set(run.runId, run);
    push(this.#byExperiment, run.experimentId, run.runId);
    if (run.parentRunId !== null) push(this.#children, run.parentRunId, run.runId);
    this.#changes += 1;
    return run;
  }

  /** Takes a run away, with its place in the indexes; its artifacts and children stay. */
  removeRun(runId: string): void {
    const run = this.runs.get(runId);
    if (run === undefined) return;
    this.runs.delete(runId);
    drop(this.#byExperiment, run.experimentId, runId);
    if (run.parentRunId !== null) drop(this.#children, run.parentRunId, runId);
    this.#changes += 1;
  }

  /** Ids of the direct children, in the order they were added. */
  childrenOf(runId: string): readonly string[] {
    return this.#children.get(runId) ?? [];
  }

  /** Ids of the runs of an experiment, in the order they were added. */
  runsOf(experimentId: string): readonly string[] {
    return this.#byExperiment.get(experimentId) ?? [];
  }

  /** The experiment of an id or of a name; ids win. */
  experiment(idOrName: string): Experiment | undefined {
    return this.experiments.get(idOrName) ?? this.experiments.get(this.#experimentIds.get(idOrName) ?? "");
  }

  /** The experiment of this name, made when it is not there. */
  ensureExperiment(name: string): Experiment {
    const known = this.experiments.get(this.#experimentIds.get(name) ?? "");
    if (known !== undefined) return known;
    const now = this.clock.now();
    const experiment: Experiment = {
      experimentId: guidFrom(`${this.facts.guid}/experiments/${name}`),
      name,
      description: null,
      createdUtc: now,
      lastModifiedUtc: now,
      tags: {},
      archived: false,
      artifactLocation: null,
    };
    this.experiments.set(experiment.experimentId, experiment);
    this.#experimentIds.set(name, experiment.experimentId);
    return experiment;
  }

  /** Artifacts of a container (`dcid.<run>`) of an origin (`ExperimentRun`), by path; undefined when there are none. */
  artifactsOf(origin: string, container: string): Map<string, Artifact> | undefined {
    return this.artifacts.get(containerKey(origin, container));
  }

  /** Adds or replaces the record of one artifact (no bytes move). */
  addArtifact(origin: string, container: string, artifact: Artifact): void {
    const key = containerKey(origin, container);
    const paths = this.artifacts.get(key) ?? new Map<string, Artifact>();
    paths.set(artifact.path, artifact);
    this.artifacts.set(key, paths);
  }

  /** A version of an asset; undefined when it is not there. Names are compared as written. */
  asset(kind: AssetKind, name: string, version: string): Asset | undefined {
    return this.assets.get(assetKey(kind, name, version));
  }

  /** Adds or replaces a version of an asset. */
  putAsset(asset: Asset): void {
    this.assets.set(assetKey(asset.kind, asset.name, asset.version), asset);
  }

  /** Takes a version of an asset away; answers whether it was there. */
  removeAsset(kind: AssetKind, name: string, version: string): boolean {
    return this.assets.delete(assetKey(kind, name, version));
  }
}

/** The workspace that a path names (case does not count), or undefined. */
export function findWorkspace(
  state: EmulatorState,
  names: { subscription: string; resourceGroup: string; workspace: string },
): WorkspaceState | undefined {
  return state.workspaces.find(({ facts }) =>
    same(facts.subscription, names.subscription) && same(facts.resourceGroup, names.resourceGroup) &&
    same(facts.name, names.workspace)
  );
}

function same(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

function push(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function drop(map: Map<string, string[]>, key: string, value: string): void {
  map.set(key, (map.get(key) ?? []).filter((entry) => entry !== value));
}
