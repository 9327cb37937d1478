import type { JobRecord } from "../records/job.ts";
import { textHash } from "./text_marks.ts";

/** By what a job is known in a stream that joins several sources: the source (case ignored) and the id. */
export function jobKey(source: string | null | undefined, id: string): string {
  return `${(source ?? "").toLowerCase()}\n${id}`;
}

/**
 * A 31-bit mark of what people see of a job: fields, tags, params, how many points each metric has and its last
 * value, how many files and bytes. Independent of the order of keys, and cheap: it tells a repeated line from a
 * later state of the same job (which was running then), without hashing every point.
 */
export function jobMark(job: JobRecord): number {
  let sum = 0;
  const add = (name: string, value: unknown): void => {
    if (value !== null && value !== undefined) sum = (sum + textHash(`${name}\n${value}`).low) | 0;
  };
  const { status, started_at, ended_at, display_name, description, experiment, parent, archived } = job;
  add("facts", JSON.stringify([status, started_at, ended_at, display_name, description, experiment, parent]));
  add("archived", archived);
  for (const [name, value] of Object.entries(job.tags ?? {})) add(`tags.${name}`, value);
  for (const [name, value] of Object.entries(job.params ?? {})) add(`params.${name}`, value);
  for (const [name, points] of Object.entries(job.metrics ?? {})) {
    add(`metrics.${name}`, `${points.length} ${points.at(-1)}`);
  }
  for (const [name, count] of Object.entries(job.more_points ?? {})) add(`more.${name}`, count);
  const files = job.artifacts?.files;
  if (files) add("files", `${files.length} ${files.reduce((bytes, file) => bytes + (file.size ?? 0), 0)}`);
  return sum & 0x7fffffff;
}
