import type { JobRecord } from "../records/job.ts";
import { WRITE_CAP } from "../records/ndjson_write.ts";
import { utf8Length } from "../records/well_formed.ts";
import { jsonSize } from "./json_size.ts";
import type { Fault } from "./ports.ts";

/** Room for what comes on top: the words of `incomplete`, escapes that the writer adds. */
const SPARE_BYTES = 64 * 1024;

/** A character of a JSON text takes at most so many bytes (`\u0000`). */
const BYTES_A_CHARACTER = 6;

/** Fields that may be left out of a line that would be too long, and what each then is. */
const LARGE_FIELDS = {
  artifacts: null,
  tables: null,
  definition: null,
  run: null,
  inputs: null,
  outputs: null,
  datasets: null,
  properties: null,
  params: null,
  tags: null,
  description: null,
} as const satisfies Partial<JobRecord>;

/** A record that fits in a line, and the faults that say what had to give. */
export interface FittedJob {
  readonly record: JobRecord;
  readonly faults: readonly Fault[];
}

/**
 * Makes a job fit in a line of `limit` bytes: the largest of its fields are left out, each with a fault that says so,
 * until the rest fits. A record that fits is given back as it is.
 */
export function fitLine(record: JobRecord, limit: number = WRITE_CAP): FittedJob {
  const room = limit - SPARE_BYTES;
  if (jsonSize(record, room / BYTES_A_CHARACTER) <= room / BYTES_A_CHARACTER) return { record, faults: [] };
  let size = byteSize(record);
  if (size <= room) return { record, faults: [] };
  const fitted: JobRecord = { ...record };
  const faults: Fault[] = [];
  for (const { field, bytes } of largestFirst(record)) {
    if (size <= room) break;
    Object.assign(fitted, { [field]: LARGE_FIELDS[field] });
    size = byteSize(fitted);
    faults.push({
      part: field,
      code: "too_large",
      message: `job "${record.id}": with its ${field} (${bytes} bytes) the record would be longer than ` +
        `${limit} bytes a line; they are left out`,
      retryable: false,
    });
  }
  return { record: fitted, faults };
}

function largestFirst(record: JobRecord): { field: keyof typeof LARGE_FIELDS; bytes: number }[] {
  // The keys of a literal table are its own; Object.keys only types them as text.
  const fields = Object.keys(LARGE_FIELDS) as (keyof typeof LARGE_FIELDS)[];
  return fields
    .map((field) => ({ field, bytes: byteSize(record[field] ?? null) }))
    .sort((a, b) => b.bytes - a.bytes);
}

function byteSize(value: unknown): number {
  try {
    return utf8Length(JSON.stringify(value));
  } catch (error) {
    // What is nested deeper than the engine writes has no size; nothing of it can be carried.
    if (error instanceof RangeError) return Infinity;
    throw error;
  }
}
