const POINTS = 20;
const FILES = ["outputs/metrics.json", "outputs/model.bin", "user_logs/std_log.txt"];
const SOURCE =
  "azureml://subscriptions/5ab5c41b-0000-4000-8000-00000000000a/resourceGroups/rg-source/workspaces/ws-source";
const MINUTE = 60_000;
const FIRST = Date.UTC(2024, 0, 1, 8);

/**
 * Writes `count` job records with 20 points and 3 files each, 3.4 KB a line, and an `end`: what `azml extract` makes of
 * the emulator's generated jobs. The same every time.
 */
export async function writeJobs(path: string, count: number): Promise<void> {
  using file = await Deno.open(path, { create: true, write: true, truncate: true });
  const encoder = new TextEncoder();
  let lines = "";
  for (let index = 0; index <= count; index++) {
    lines += JSON.stringify(index < count ? job(index) : end(count)) + "\n";
    if (lines.length < 1 << 20 && index < count) continue;
    for (let rest = encoder.encode(lines); rest.length > 0;) rest = rest.subarray(await file.write(rest));
    lines = "";
  }
}

function job(index: number) {
  const id = `gen-${String(index).padStart(6, "0")}`;
  const at = (seconds: number) => new Date(FIRST + index * MINUTE + seconds * 1000).toISOString();
  const experiment = `generated-${index % 5}`;
  const tags = { generated: "true", part: String(index % 4) };
  const properties = { "_azureml.ComputeTargetType": "amlctrain" };
  return {
    ...{
      kind: "job",
      v: 1,
      id,
      source: SOURCE,
      type: "command",
      role: null,
      parent: null,
      root: id,
      depth: 0,
    },
    ...{ experiment, display_name: id, description: null, archived: false, created_by: "Azml Tester" },
    ...{ status: "Completed", created_at: at(0), started_at: at(5), ended_at: at(55), tags, properties },
    params: { learning_rate: "0.001", epochs: "20" },
    metrics: { loss: points(index) },
    ...{ tables: [], inputs: null, outputs: { default: output(id) }, datasets: null },
    definition: definition(id, { experiment, tags, properties }),
    artifacts: artifacts(id, index),
  };
}

function points(index: number): readonly (readonly [number, number, number])[] {
  return Array.from({ length: POINTS }, (_, step) => {
    const value = Math.exp(-step / 7) + Math.abs(Math.sin(index * 31 + step)) / 10;
    return [step, FIRST + index * MINUTE + step * 1000, value] as const;
  });
}

function output(id: string) {
  const uri = `azureml://datastores/workspaceartifactstore/ExperimentRun/dcid.${id}`;
  return {
    ...{ description: null, uri, assetName: null, assetVersion: null },
    ...{ mode: "ReadWriteMount", jobOutputType: "uri_folder" },
  };
}

function definition(id: string, shared: { experiment: string; tags: object; properties: object }) {
  const service = { port: null, status: null, errorMessage: null, properties: null, nodes: null };
  const workspace = SOURCE.slice("azureml:/".length);
  return {
    ...{ jobType: "Command", computeId: null, componentId: null, identity: { identityType: "AMLToken" } },
    ...{ codeId: null, command: "python train.py", inputs: {}, outputs: { default: output(id) } },
    environmentId: "azureml:AzureML-sklearn-1.0-ubuntu20.04-py38-cpu:33",
    ...{ environmentVariables: {}, distribution: null, limits: null, queueSettings: null, description: null },
    ...{ tags: shared.tags, properties: shared.properties, displayName: id, status: "Completed" },
    experimentName: shared.experiment,
    services: {
      Tracking: {
        ...{ jobServiceType: "Tracking", ...service },
        endpoint: `azureml://127.0.0.1:35389/mlflow/v1.0${workspace}?`,
      },
      Studio: {
        ...{ jobServiceType: "Studio", ...service },
        endpoint: `https://ml.azure.com/runs/${id}?wsid=${workspace}`,
      },
    },
    isArchived: false,
  };
}

function artifacts(id: string, index: number) {
  return {
    store: {
      ...{ kind: "azure-blob", workspace: SOURCE, datastore: "workspaceartifactstore" },
      ...{ tenant: "7e4a4700-0000-4000-8000-00000000000a", endpoint: "http://127.0.0.1:35389/azmlsource" },
      ...{ container: "azureml", prefix: `ExperimentRun/dcid.${id}/` },
    },
    files: FILES.map((path, at) => ({
      ...{ path, size: 20, md5: (index * 3 + at).toString(16).padStart(32, "a659994a") },
      content_type: "application/octet-stream",
    })),
  };
}

function end(jobs: number) {
  const counts = {
    in: { job: jobs },
    out: { job: jobs },
    dropped: 0,
    failed: 0,
    incomplete: 0,
    bad_lines: 0,
  };
  return {
    ...{ kind: "end", v: 1, stage: "extract", complete: true },
    counts: { ...counts, calls: 0, files: jobs * FILES.length, bytes: jobs * 60 },
    upstream: [],
  };
}
