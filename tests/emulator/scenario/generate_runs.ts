import type { JsonObject } from "../../../src/records/json.ts";
import { defaultOutput } from "../arm/job_definition.ts";
import type { Run, WorkspaceState } from "../state.ts";
import { ARTIFACT_STORE } from "../state/artifact.ts";
import { serviceTime } from "../state/clock.ts";
import { guidFrom } from "../state/guid.ts";
import { curveRows } from "./metric_of.ts";
import type { Generator } from "./schema.ts";

/** A small blob for {@linkcode AzuriteProcess.seed}: name in container `azureml`, and which content it has. */
export type SeedBlob = readonly [name: string, content: number];

/** How many different contents generated files have. */
export const SEED_CONTENTS = 16;

const FIRST = Date.UTC(2024, 0, 1, 8);
const MINUTE = 60_000;

const COMMAND: JsonObject = {
  jobType: "Command",
  computeId: null,
  componentId: null,
  identity: { identityType: "AMLToken" },
  codeId: null,
  command: "python train.py",
  environmentId: "azureml:AzureML-sklearn-1.0-ubuntu20.04-py38-cpu:33",
  inputs: {},
  outputs: { default: defaultOutput("generated") },
  environmentVariables: {},
  distribution: null,
  limits: null,
  queueSettings: null,
};

const PIPELINE: JsonObject = {
  jobType: "Pipeline",
  computeId: null,
  componentId: null,
  identity: null,
  inputs: {},
  outputs: {},
  jobs: {},
  settings: { _source: "YAML.JOB" },
  sourceJobId: null,
};

/** Adds the runs that a generator describes. Points are made when they are read; definitions are shared. */
export function generateRuns(workspace: WorkspaceState, generator: Generator): SeedBlob[] {
  const blobs: SeedBlob[] = [];
  const sizes = { points: generator.points ?? 20, files: generator.files ?? 3 };
  const experiments = Array.from(
    { length: generator.experiments ?? 5 },
    (_, index) => workspace.ensureExperiment(`generated-${index}`).experimentId,
  );
  const experiment = (index: number) => experiments[index % experiments.length] ?? "";
  for (let index = 0; index < (generator.jobs ?? 0); index++) {
    addLeaf(
      workspace,
      { id: numbered("gen", index), experiment: experiment(index), parent: null, index },
      sizes,
      blobs,
    );
  }
  for (let index = 0; index < (generator.pipelines ?? 0); index++) {
    addPipeline(workspace, index, experiment(index), generator.steps ?? 5, sizes, blobs);
  }
  if (generator.big_metric !== undefined) {
    const big = { id: "gen-big", experiment: experiment(0), parent: null, index: 0 };
    addLeaf(workspace, big, { points: generator.big_metric, files: 0 }, blobs);
  }
  return blobs;
}

interface Leaf {
  readonly id: string;
  readonly experiment: string;
  readonly parent: string | null;
  readonly index: number;
  readonly displayName?: string;
}

function addLeaf(
  workspace: WorkspaceState,
  leaf: Leaf,
  sizes: { points: number; files: number },
  blobs: SeedBlob[],
): void {
  const start = FIRST + leaf.index * MINUTE;
  const run = addRun(workspace, leaf, start, leaf.parent === null ? "azureml.scriptrun" : "azureml.StepRun");
  run.parameters = { learning_rate: String((leaf.index % 10 + 1) / 1000), epochs: String(sizes.points) };
  if (sizes.points > 0) addLoss(run, sizes.points, start);
  for (let file = 0; file < sizes.files; file++) {
    blobs.push(addFile(workspace, run, FILES[file] ?? `outputs/part-${file}.bin`, leaf.index + file));
  }
  addJob(workspace, run, COMMAND);
}

const FILES = ["outputs/model.bin", "outputs/metrics.json", "user_logs/std_log.txt"] as const;

function addPipeline(
  workspace: WorkspaceState,
  index: number,
  experiment: string,
  steps: number,
  sizes: { points: number; files: number },
  blobs: SeedBlob[],
): void {
  const id = numbered("genpipe", index);
  const run = addRun(
    workspace,
    { id, experiment, parent: null, index },
    FIRST + index * MINUTE,
    "azureml.PipelineRun",
  );
  addJob(workspace, run, PIPELINE);
  for (let step = 0; step < steps; step++) {
    const child = guidFrom(`${workspace.facts.guid}/${id}/${step}`);
    addLeaf(
      workspace,
      { id: child, experiment, parent: id, index: index * steps + step, displayName: `step_${step}` },
      sizes,
      blobs,
    );
  }
}

function addRun(workspace: WorkspaceState, leaf: Leaf, start: number, runType: string): Run {
  return workspace.addRun({
    runId: leaf.id,
    experimentId: leaf.experiment,
    parentRunId: leaf.parent,
    createdUtc: serviceTime(start),
    startTimeUtc: serviceTime(start + 5_000),
    endTimeUtc: serviceTime(start + 55_000),
    lastModifiedUtc: serviceTime(start + 55_000),
    status: "Completed",
    displayName: leaf.displayName ?? leaf.id,
    runType,
    runTypeV2: { orchestrator: null, traits: [runType], attribution: null, computeType: null },
    tags: { generated: "true", part: String(leaf.index % 7) },
    properties: { "_azureml.ComputeTargetType": "amlctrain" },
  });
}

function addLoss(run: Run, count: number, start: number): void {
  run.metrics.set("loss", {
    name: "loss",
    namespace: null,
    columns: { loss: "Double" },
    uxMetricType: "azureml.v1.scalar",
    dataLocation: null,
    rows: curveRows("loss", {
      count,
      from: 1,
      to: 0.1,
      start: new Date(start).toISOString(),
      every_ms: 1000,
    }),
  });
}

function addFile(workspace: WorkspaceState, run: Run, path: string, content: number): SeedBlob {
  const relativePath = `ExperimentRun/${run.dataContainerId}/${path}`;
  workspace.addArtifact("ExperimentRun", run.dataContainerId, {
    path,
    dataStoreName: ARTIFACT_STORE.datastore,
    relativePath,
    createdTime: run.createdUtc,
    etag: '"0x0"',
    tags: null,
  });
  return [relativePath, content % SEED_CONTENTS];
}

function addJob(workspace: WorkspaceState, run: Run, definition: JsonObject): void {
  workspace.jobs.set(run.runId, {
    name: run.runId,
    definition,
    access: run.parentRunId === null ? "listed" : "child",
    systemData: { createdAt: run.createdUtc, createdBy: "Azml Tester", lastModifiedAt: run.lastModifiedUtc },
  });
}

function numbered(prefix: string, index: number): string {
  return `${prefix}-${String(index).padStart(6, "0")}`;
}
