import type { Artifacts } from "../../../src/records/artifacts.ts";
import type { Item, Stream } from "../../../src/records/item.ts";
import type { JobRecord } from "../../../src/records/job.ts";
import type {
  Fault,
  Found,
  Log,
  MetricPart,
  Source,
  Spool,
  StageContext,
  Want,
} from "../../../src/stages/ports.ts";

/** A job of a fake source, as plain data; an error stands where reading shall fail. */
export interface FakeJob {
  readonly record: Partial<JobRecord> & { readonly id: string };
  readonly faults?: readonly Fault[];
  readonly parts?: readonly (MetricPart | Error)[];
  readonly artifacts?: Artifacts | Error;
  readonly artifactFaults?: readonly Fault[];
  /** Awaited before metrics and artifacts come. */
  readonly after?: Promise<void>;
}

/** A job, a word about something missing, or an error that ends the listing. */
export type FakeFind = FakeJob | Exclude<Found, { kind: "job" }> | Error;

/** What a fake source was asked. */
export interface FakeSource extends Source {
  readonly wants: Want[];
  readonly asked: string[];
  /** How many finds were taken from the listing. */
  taken: number;
}

/** A source made of plain data; each batch of `batches` is one page of its listing. */
export function fakeSource(batches: readonly (readonly FakeFind[])[]): FakeSource {
  const source: FakeSource = {
    id: "azureml://subscriptions/s/resourceGroups/g/workspaces/w",
    wants: [],
    asked: [],
    taken: 0,
    usage: () => ({ calls: source.asked.length, bytes: 0 }),
    async *lookUp(ids) {
      const finds: Found[] = [];
      for (const find of batches.flat()) {
        if (find instanceof Error) throw find;
        if ("record" in find && ids.includes(find.record.id)) {
          finds.push({ kind: "job", job: foundJob(find, source.asked) });
        }
      }
      await Promise.resolve();
      yield finds;
    },
    async *jobs(want) {
      source.wants.push(want);
      for (const batch of batches) {
        await Promise.resolve();
        const finds: Found[] = [];
        for (const find of batch) {
          if (find instanceof Error) {
            if (finds.length > 0) yield finds;
            throw find;
          }
          source.taken++;
          finds.push("record" in find ? { kind: "job", job: foundJob(find, source.asked) } : find);
        }
        yield finds;
      }
    },
  };
  return source;
}

function foundJob(job: FakeJob, asked: string[]): Extract<Found, { kind: "job" }>["job"] {
  const { id } = job.record;
  return {
    record: jobRecord(job.record),
    faults: job.faults ?? [],
    async *metrics(mode) {
      asked.push(`${id} metrics ${mode}`);
      await job.after;
      for (const part of job.parts ?? []) {
        if (part instanceof Error) throw part;
        yield part;
      }
    },
    async artifacts() {
      asked.push(`${id} artifacts`);
      await job.after;
      if (job.artifacts instanceof Error) throw job.artifacts;
      return { artifacts: job.artifacts ?? { store: null, files: [] }, faults: job.artifactFaults ?? [] };
    },
  };
}

/** A job record with what must be there. */
export function jobRecord(fields: Partial<JobRecord> & { readonly id: string }): JobRecord {
  return { kind: "job", v: 1, ...fields };
}

/** A log that remembers its lines as `level: message`. */
export function fakeLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  const line = (level: string) => (message: string) => void lines.push(`${level}: ${message}`);
  return {
    lines,
    debug: line("debug"),
    info: line("info"),
    warn: line("warn"),
    error: line("error"),
    progress: () => {},
  };
}

/** A spool in memory; counts what is open. */
export function fakeSpools(): { readonly make: () => Spool; open: number; made: number } {
  const spools = {
    open: 0,
    made: 0,
    make(): Spool {
      const pieces: string[] = [];
      let closed = false;
      spools.open++;
      spools.made++;
      return {
        append(piece) {
          pieces.push(piece);
          return Promise.resolve();
        },
        async *read() {
          yield* pieces;
        },
        get size() {
          return pieces.length;
        },
        close() {
          if (!closed) spools.open--;
          closed = true;
          return Promise.resolve();
        },
      };
    },
  };
  return spools;
}

/** What a stage is given, with ways to look at it afterwards. */
export interface FakeContext extends StageContext {
  readonly log: ReturnType<typeof fakeLog>;
  readonly spools: ReturnType<typeof fakeSpools>;
  abort(): void;
}

/** Makes a {@linkcode FakeContext}. */
export function fakeContext(): FakeContext {
  const control = new AbortController();
  const spools = fakeSpools();
  return { log: fakeLog(), signal: control.signal, spool: spools.make, spools, abort: () => control.abort() };
}

/** A stream of records, in one batch each unless told otherwise, with their lines as `raw`. */
export async function* streamOf(records: readonly Item["record"][], batch = 1): Stream {
  for (let at = 0; at < records.length; at += batch) {
    await Promise.resolve();
    yield records.slice(at, at + batch).map((record, index) => ({
      record,
      raw: JSON.stringify(record),
      line: at + index + 1,
    }));
  }
}

/** All items of a stream, and what it threw at its end (undefined when nothing). */
export async function drain(stream: Stream): Promise<{ readonly items: Item[]; readonly thrown: unknown }> {
  const items: Item[] = [];
  try {
    for await (const batch of stream) items.push(...batch);
  } catch (thrown) {
    return { items, thrown };
  }
  return { items, thrown: undefined };
}
