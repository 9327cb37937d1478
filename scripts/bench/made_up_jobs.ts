/** Writes so many made-up job records, as `extract` writes them: 20 points of two metrics, 3 files, 6 tags each. */
export async function writeJobs(path: string, count: number): Promise<void> {
  const file = await Deno.create(path);
  const encoder = new TextEncoder();
  try {
    for (let from = 0; from < count; from += 1000) {
      let text = "";
      for (let i = from; i < Math.min(count, from + 1000); i++) text += JSON.stringify(job(i)) + "\n";
      await writeAll(file, encoder.encode(text));
    }
  } finally {
    file.close();
  }
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await file.write(rest));
}

const STEPS_A_PIPELINE = 5;
const FIRST_TIME = Date.UTC(2025, 0, 1);

/** Every sixth is a pipeline, the five behind it are its steps. */
function job(i: number): object {
  const place = i % (STEPS_A_PIPELINE + 1);
  const root = `pipeline-${i - place}`;
  const created = FIRST_TIME + i * 1000;
  const at = (ms: number) => new Date(ms).toISOString();
  const points = (scale: number) =>
    Array.from({ length: 10 }, (_, step) => [step, created + step * 100, scale / (step + 1.5)]);
  return {
    kind: "job",
    v: 1,
    id: place === 0 ? root : `step-${i}`,
    source: "azureml://subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/workspaces/a",
    type: place === 0 ? "pipeline" : "command",
    role: place === 0 ? null : "step",
    parent: place === 0 ? null : root,
    root,
    depth: place === 0 ? 0 : 1,
    experiment: `experiment-${i % 7}`,
    display_name: `job number ${i}`,
    description: null,
    archived: false,
    created_by: "Ada Lovelace",
    status: i % 5 === 0 ? "Failed" : "Completed",
    created_at: at(created),
    started_at: at(created + 1000),
    ended_at: at(created + 60_000),
    tags: Object.fromEntries(Array.from({ length: 6 }, (_, t) => [`tag_${t}`, `value ${t} of ${i}`])),
    properties: { "azureml.runsource": "azureml.StepRun", ContentSnapshotId: `snapshot-${i}` },
    params: { lr: String(1 / (i + 1)), batch_size: "32", optimizer: "adam" },
    metrics: { loss: points(1), accuracy: points(0.9) },
    tables: [],
    inputs: null,
    outputs: null,
    datasets: null,
    definition: null,
    artifacts: {
      store: {
        kind: "azure-blob",
        endpoint: "https://a.blob.core.windows.net",
        container: "azureml",
        prefix: `ExperimentRun/dcid.${i}/`,
      },
      files: ["outputs/model.pkl", "user_logs/std_log.txt", "outputs/metrics.json"].map((path, n) => ({
        path,
        size: 1000 + n,
        md5: "0123456789abcdef0123456789abcdef",
      })),
    },
  };
}
