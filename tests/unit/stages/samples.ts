import type { AnyRecord, Item, Stream } from "../../../src/records/item.ts";
import type { JobRecord } from "../../../src/records/job.ts";
import { Tally } from "../../../src/records/tally.ts";
import { targetName } from "../../../src/records/target_name.ts";
import type { UnitRecord } from "../../../src/records/unit.ts";
import { planSettings } from "../../../src/stages/plan_settings.ts";
import type { Spool, StageContext } from "../../../src/stages/ports.ts";
import { runsUnit } from "../../../src/stages/runs_unit.ts";

/** The source that the sample jobs come from. */
export const SOURCE = "azureml://subscriptions/s/resourceGroups/rg/workspaces/a";

/** A whole job of its own; `fields` wins. */
export function job(id: string, fields: Partial<JobRecord> = {}): JobRecord {
  return {
    kind: "job",
    v: 1,
    id,
    source: SOURCE,
    type: "command",
    role: null,
    parent: null,
    root: id,
    depth: 0,
    experiment: "churn",
    display_name: `job ${id}`,
    description: null,
    archived: false,
    created_by: "Ada",
    status: "Completed",
    created_at: "2024-01-01T00:00:00.1234567Z",
    started_at: "2024-01-01T00:01:00Z",
    ended_at: "2024-01-01T00:02:00Z",
    tags: { team: "x" },
    properties: {},
    params: { lr: "0.1" },
    metrics: { loss: [[0, 1704067200000, 0.5], [1, 1704067201000, 0.25]] },
    tables: [],
    artifacts: null,
    ...fields,
  };
}

/** A child of another sample job. */
export function child(id: string, parent: string, depth = 1, fields: Partial<JobRecord> = {}): JobRecord {
  return job(id, { parent, role: "step", root: "root", depth, ...fields });
}

/** A `points` record of `count` points, the first at step `from`. */
export function points(owner: string, metric: string, seq: number, count: number): AnyRecord {
  const rows = Array.from({ length: count }, (_, i) => [seq + i, 1704067200000 + seq + i, (seq + i) / 2]);
  return { kind: "points", v: 1, job: owner, metric, seq, points: rows };
}

/** The `end` of a stage before. */
export const END: AnyRecord = { ...new Tally("extract").end(true) };

/** Records as a stream that ends as it should, one batch for each `batch` records, as lines would come. */
export async function* stream(records: readonly AnyRecord[], batch = 2): Stream {
  const lines = [...records, END].map((record): Item => {
    const raw = JSON.stringify(record);
    return { record: JSON.parse(raw), raw };
  });
  for (let at = 0; at < lines.length; at += batch) yield lines.slice(at, at + batch);
}

/** What a stage wrote, and what it threw at the end. */
export interface Ran {
  readonly records: AnyRecord[];
  readonly items: Item[];
  readonly thrown: unknown;
  /** Records of a kind. */
  of(kind: string): AnyRecord[];
  readonly end: AnyRecord & { readonly complete?: unknown; readonly counts?: Record<string, unknown> };
}

/** Runs a stage to its end. */
export async function ran(output: Stream): Promise<Ran> {
  const items: Item[] = [];
  let thrown: unknown;
  try {
    for await (const batch of output) items.push(...batch);
  } catch (error) {
    thrown = error;
  }
  const records = items.map(({ record }) => record);
  return {
    records,
    items,
    thrown,
    of: (kind) => records.filter((record) => record.kind === kind),
    end: records.at(-1) ?? { kind: "none" },
  };
}

/** A stage's surroundings in memory; `warnings` is what it said on stderr. */
export function surroundings(): StageContext & {
  readonly said: string[];
  abort(): void;
  open: { spools: number };
} {
  const said: string[] = [];
  const controller = new AbortController();
  const open = { spools: 0 };
  return {
    said,
    open,
    abort: () => controller.abort(),
    signal: controller.signal,
    log: {
      debug: () => {},
      info: (message) => said.push(`info ${message}`),
      warn: (message) => said.push(`warn ${message}`),
      error: (message) => said.push(`error ${message}`),
      progress: () => {},
    },
    spool: () => memorySpool(open),
  };
}

function memorySpool(open: { spools: number }): Spool {
  const pieces: string[] = [];
  open.spools++;
  return {
    append: (piece) => {
      pieces.push(piece);
      return Promise.resolve();
    },
    read: async function* () {
      yield* pieces;
    },
    get size() {
      return pieces.length;
    },
    close: () => {
      open.spools--;
      return Promise.resolve();
    },
  };
}

/** The unit of a sample job. */
export function unitOf(record: JobRecord): UnitRecord {
  const parent = record.parent ? targetName("runs", record.source ?? null, record.parent) : null;
  return runsUnit(record, planSettings({}), parent);
}
