import type { JobRecord } from "../records/job.ts";

/**
 * A 31-bit mark of what people see of a job: fields, tags, params, how many points each metric has and its last
 * value, how many files and bytes. Independent of the order of keys, and cheap: it tells a repeated line from a
 * later state of the same job (which was running then), without hashing every point.
 */
export function jobMark(job: JobRecord): number {
  let sum = job.archived === true ? 1 : 0;
  const add = (name: string, value: string | number): void => {
    sum = (sum + hash(String(value), hash(name, 0))) | 0;
  };
  for (const field of FACTS) {
    const value = job[field];
    if (typeof value === "string") add(field, value);
  }
  addAll("tags", job.tags);
  addAll("params", job.params);
  for (const name in job.metrics) {
    const points = job.metrics[name];
    const last = points?.at(-1);
    add(name, points?.length ?? 0);
    if (last !== undefined) add(name, last[2]);
  }
  for (const [name, count] of Object.entries(job.more_points ?? {})) add(name, count);
  for (const { path, size } of job.artifacts?.files ?? []) add(path, size ?? -1);
  return sum & 0x7fffffff;

  function addAll(map: string, values: Readonly<Record<string, string>> | null | undefined): void {
    const seed = hash(map, 0);
    for (const name in values) sum = (sum + hash(values[name] ?? "", hash(name, seed))) | 0;
  }
}

const FACTS = [
  "status",
  "started_at",
  "ended_at",
  "display_name",
  "description",
  "experiment",
  "parent",
] as const;

function hash(text: string, seed: number): number {
  let sum = seed ^ 0x811c9dc5;
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193);
  return sum ^ (sum >>> 15);
}
