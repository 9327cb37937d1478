import type { Server } from "./call.ts";
import type { Content } from "./state/files.ts";
import { addVersion, newModel } from "./state/registry.ts";
import { emptyData, Run, type RunData } from "./state/run.ts";
import { GeneratedSeries } from "./state/series.ts";
import type { Store } from "./state/store.ts";

/** What stands in a server from the start; what a run holds is made when it is asked for. */
export interface Generated {
  /** Finished runs in the experiment `generated`; 0. */
  readonly runs?: number;
  /** Every run of a group of so many and one is the parent of the others; 0. */
  readonly children?: number;
  /** Metrics of a run; 2. */
  readonly metrics?: number;
  /** Points of a metric; 20. */
  readonly points?: number;
  /** Params of a run; 3. */
  readonly params?: number;
  /** Files of a run; 0. */
  readonly files?: number;
  /** Bytes of a file; 64. */
  readonly fileBytes?: number;
  /** Registered models with three versions each, of the first runs; 0. */
  readonly models?: number;
}

const START = 1_600_000_000_000;
const MINUTE = 60_000;

/** The id of a generated run: its number in hexadecimal digits. */
export function generatedId(index: number): string {
  return index.toString(16).padStart(32, "0");
}

/** Fills a store. */
export function generate(server: Server, store: Store, options: Generated): void {
  const { runs = 0, models = 0 } = options;
  if (runs === 0 && models === 0) return;
  const experiment = store.addExperiment("generated", { now: server.now() });
  for (let index = 0; index < runs; index++) {
    const start = START + index * MINUTE;
    const id = generatedId(index);
    store.addRun(
      new Run({
        id,
        experimentId: experiment.id,
        name: `run-${index}`,
        user: "ann",
        start,
        end: start + MINUTE / 2,
        status: "FINISHED",
        artifactUri: `${experiment.artifactLocation}/${id}/artifacts`,
      }, () => dataOf(index, start, options)),
    );
  }
  for (let index = 0; index < models; index++) {
    const model = newModel(`model-${index}`, `Model ${index}`, server.now());
    store.models.set(model.name, model);
    for (let version = 0; version < 3; version++) {
      const run = runs === 0 ? undefined : store.runs.get(generatedId((index * 3 + version) % runs));
      const source = run === undefined ? `s3://bucket/model-${index}` : `${run.artifactUri}/file-0.txt`;
      addVersion(model, { source, runId: run?.id ?? "" }, server.now());
    }
    model.aliases.set("champion", 3);
  }
}

function dataOf(index: number, start: number, options: Generated): RunData {
  const { children = 0, metrics = 2, points = 20, params = 3 } = options;
  const data = emptyData();
  data.tags.set("mlflow.runName", `run-${index}`);
  data.tags.set("mlflow.user", "ann");
  data.tags.set("group", String(index % 10));
  const parent = index - index % (children + 1);
  if (parent !== index) data.tags.set("mlflow.parentRunId", generatedId(parent));
  for (let number = 0; number < params; number++) data.params.set(`p${number}`, String(index + number));
  if (points === 0) return data;
  for (let number = 0; number < metrics; number++) {
    data.metrics.set(`m${number}`, new GeneratedSeries(points, start, index + number));
  }
  return data;
}

/** Fills the artifacts of generated runs on first sight; the bytes are made when they are read. */
export function generatedFiles(options: Generated): (root: string) => Iterable<readonly [string, Content]> {
  const { runs = 0, files = 0, fileBytes = 64 } = options;
  return function* (root) {
    const id = /([0-9a-f]{32})\/artifacts$/.exec(root)?.[1];
    const index = id === undefined ? NaN : Number.parseInt(id, 16);
    if (!(index < runs) || id !== generatedId(index)) return;
    for (let number = 0; number < files; number++) {
      yield [`file-${number}.txt`, {
        size: fileBytes,
        make: () => bytes(`run ${index} file ${number}\n`, fileBytes),
      }];
    }
  };
}

function bytes(line: string, size: number): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(line.repeat(Math.ceil(size / line.length)).slice(0, size));
}
