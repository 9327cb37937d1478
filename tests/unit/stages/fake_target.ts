import type { Artifacts, FileRef } from "../../../src/records/artifacts.ts";
import type { JobRecord } from "../../../src/records/job.ts";
import { ORIGIN_TAG, SOURCE_TAG } from "../../../src/records/lineage_tags.ts";
import type { Loss } from "../../../src/records/loss.ts";
import type { Point } from "../../../src/records/point.ts";
import type { MetricTable } from "../../../src/records/table.ts";
import type { UnitRecord } from "../../../src/records/unit.ts";
import type {
  FailedFile,
  Found,
  FoundJob,
  FoundRun,
  MetricPart,
  RunWriter,
  Source,
  Target,
  Want,
} from "../../../src/stages/ports.ts";

/** A run as the fake target keeps it. */
export interface FakeRun {
  record: JobRecord;
  digest: string | null;
  points: Map<string, Point[]>;
  tables: MetricTable[];
  files: Map<string, FileRef>;
  /** Text of the files that azml wrote itself. */
  texts: Map<string, string>;
}

/** A request that the fake target was sent. */
export interface FakeCall {
  readonly call:
    | "lookUp"
    | "find"
    | "open"
    | "points"
    | "pointsDone"
    | "tables"
    | "artifacts"
    | "file"
    | "readFile"
    | "finish"
    | "jobs";
  readonly names: readonly string[];
}

/** A target in memory that is also a source, counts what it is asked, and fails or waits where a test says so. */
export class FakeTarget implements Target, Source {
  readonly id = "azureml://subscriptions/s/resourceGroups/rg/workspaces/b";
  readonly suits = { as: "runs", for: "azureml" } as const;
  readonly runs = new Map<string, FakeRun>();
  readonly calls: FakeCall[] = [];
  /** What the target says that it could not keep, by step. */
  readonly losses: { open?: Loss[]; points?: Loss[]; finish?: Loss[] } = {};
  /** Paths that no copy gets across. */
  readonly brokenFiles = new Set<string>();
  /** What is known beside of why they do not. */
  brokenBy: Partial<FailedFile> = {};
  /** Called before every request; may throw, or wait. */
  before: (call: FakeCall) => void | Promise<void> = () => {};

  usage() {
    return { calls: this.calls.length, bytes: 0 };
  }

  /** Calls of a kind. */
  count(call: FakeCall["call"]): number {
    return this.calls.filter((one) => one.call === call).length;
  }

  async find(names: readonly string[]): Promise<ReadonlyMap<string, FoundRun>> {
    await this.#called({ call: "find", names });
    const found = new Map<string, FoundRun>();
    for (const name of names) {
      const run = this.runs.get(name);
      if (run === undefined) continue;
      const { [SOURCE_TAG]: source, [ORIGIN_TAG]: id } = run.record.tags ?? {};
      const origin = source === undefined || id === undefined ? null : { source, id };
      found.set(name, { name, target: name, origin, digest: run.digest });
    }
    return found;
  }

  async open(unit: UnitRecord, parent: string | null) {
    await this.#called({ call: "open", names: [unit.target_name] });
    if (parent !== null && !this.runs.has(parent)) throw new Error(`the parent ${parent} is not there`);
    const before = this.runs.get(unit.target_name);
    const run: FakeRun = {
      record: recordOf(unit, parent),
      digest: null,
      points: before?.points ?? new Map(),
      tables: before?.tables ?? [],
      files: before?.files ?? new Map(),
      texts: before?.texts ?? new Map(),
    };
    this.runs.set(unit.target_name, run);
    return { run: this.#writer(unit, run), loss: this.losses.open ?? [] };
  }

  async *jobs(want: Want): AsyncIterable<readonly Found[]> {
    await this.#called({ call: "jobs", names: want.include ?? [] });
    yield* this.#found(want.include ?? [...this.runs.keys()]);
  }

  async *lookUp(ids: readonly string[]): AsyncIterable<readonly Found[]> {
    await this.#called({ call: "lookUp", names: ids });
    yield* this.#found(ids);
  }

  *#found(names: readonly string[]): Iterable<readonly Found[]> {
    for (const name of names) {
      const run = this.runs.get(name);
      yield run === undefined
        ? [{
          kind: "missing",
          id: name,
          code: "not_found",
          message: `${name} is not there`,
          retryable: false,
        }]
        : [{ kind: "job", job: foundJob(run) }];
    }
  }

  #writer(unit: UnitRecord, run: FakeRun): RunWriter {
    const names = [unit.target_name];
    const seen = new Map<string, number>();
    return {
      target: unit.target_name,
      points: async (metric, points) => {
        await this.#called({ call: "points", names });
        const held = run.points.get(metric) ?? [];
        const from = seen.get(metric) ?? 0;
        seen.set(metric, from + points.length);
        run.points.set(metric, [...held, ...points.slice(Math.max(0, held.length - from))]);
      },
      pointsDone: async () => {
        await this.#called({ call: "pointsDone", names });
        return this.losses.points ?? [];
      },
      tables: async (tables) => {
        await this.#called({ call: "tables", names });
        run.tables = [...tables];
        return [];
      },
      artifacts: async ({ files }: Artifacts) => {
        await this.#called({ call: "artifacts", names });
        const good = files.filter(({ path }) => !this.brokenFiles.has(path));
        for (const file of good) run.files.set(file.path, file);
        const failed = files.filter(({ path }) => this.brokenFiles.has(path))
          .map(({ path }) => ({ path, code: "gone", message: "the blob is gone", ...this.brokenBy }));
        return { files: good.length, bytes: good.reduce((sum, { size }) => sum + (size ?? 0), 0), failed };
      },
      readFile: async (path) => {
        await this.#called({ call: "readFile", names });
        const text = run.texts.get(path);
        return text === undefined ? null : new TextEncoder().encode(text);
      },
      file: async (path, content) => {
        await this.#called({ call: "file", names });
        run.files.set(path, { path, size: content.length });
        run.texts.set(path, new TextDecoder().decode(content));
      },
      finish: async (digest) => {
        await this.#called({ call: "finish", names });
        Object.assign(run.record, {
          status: unit.status,
          ended_at: unit.times?.ended ?? null,
          archived: unit.archived ?? false,
        });
        run.record.tags = { ...run.record.tags, azml_digest: digest };
        run.digest = digest;
        return this.losses.finish ?? [];
      },
    };
  }

  async #called(call: FakeCall): Promise<void> {
    this.calls.push(call);
    await this.before(call);
  }
}

function recordOf(unit: UnitRecord, parent: string | null): JobRecord {
  return {
    kind: "job",
    v: 1,
    id: unit.target_name,
    parent,
    experiment: unit.experiment ?? null,
    display_name: unit.display_name ?? null,
    description: unit.description ?? null,
    status: "Running",
    started_at: unit.times?.started ?? null,
    ended_at: null,
    archived: false,
    tags: { ...unit.tags },
    params: { ...unit.params },
  };
}

function foundJob(run: FakeRun): FoundJob {
  return {
    record: run.record,
    faults: [],
    metrics: async function* (): AsyncIterable<MetricPart> {
      for (const [metric, points] of run.points) {
        for (let at = 0; at < points.length; at += 1000) {
          yield { kind: "points", metric, points: points.slice(at, at + 1000) };
        }
      }
      for (const table of run.tables) yield { kind: "table", table };
    },
    artifacts: () =>
      Promise.resolve({ artifacts: { store: null, files: [...run.files.values()] }, faults: [] }),
  };
}
