import type { Incomplete, JobRecord } from "../records/job.ts";
import type { ReceiptRecord } from "../records/receipt.ts";
import type { UnitRecord } from "../records/unit.ts";

/** One record as a line of a tree. */
export interface TreeNode {
  readonly id: string;
  readonly parent: string | null;
  /** Id of the root of its tree; null when the record does not say. */
  readonly root: string | null;
  /** What stands in the line, without control characters. */
  readonly text: string;
}

/** What has a place in a tree. */
export type TreeRecord = JobRecord | UnitRecord | ReceiptRecord;

/** Signs for statuses and outcomes, by the word in lower case. */
const SIGNS: Readonly<Record<string, string>> = {
  completed: "✓",
  finished: "✓",
  created: "+",
  updated: "~",
  adopted: "~",
  unchanged: "=",
  failed: "✗",
  canceled: "⊘",
  cancelrequested: "⊘",
  killed: "⊘",
  skipped: "⊘",
  running: "▶",
};

const OTHER_SIGN = "•";

/** Makes the line of a record: sign, name, type, status, id, and how much hangs on it. */
export function treeNode(record: TreeRecord): TreeNode {
  switch (record.kind) {
    case "job":
      return jobNode(record);
    case "unit":
      return unitNode(record);
    case "receipt":
      return receiptNode(record);
  }
}

function jobNode(job: JobRecord): TreeNode {
  const { id, parent = null, root = null } = job;
  const words = [job.type, job.status, named(job.display_name, id), ...amounts(job)];
  if (job.archived) words.push("archived");
  return { id, parent, root, text: line(job.status, job.display_name ?? id, words) };
}

function unitNode(unit: UnitRecord): TreeNode {
  const { id, parent, root, type } = unit.origin;
  const words = [type ?? unit.role, unit.status, named(unit.display_name, id), ...amounts(unit)];
  if (unit.loss !== undefined && unit.loss.length > 0) words.push(`loss: ${unit.loss.length}`);
  words.push(`→ ${unit.target_name}`);
  return { id, parent, root, text: line(unit.status, unit.display_name ?? id, words) };
}

/** Receipts do not say where in a tree they belong, so each stands for itself. */
function receiptNode(receipt: ReceiptRecord): TreeNode {
  const { unit, original, target, outcome, reason, error, dry_run } = receipt;
  const words = [dry_run ? `would be ${outcome}` : outcome, target === null ? null : `→ ${target}`, reason];
  if (error !== undefined) words.push(`${error.code}: ${error.message}`);
  return { id: unit, parent: null, root: unit, text: line(outcome, original ?? unit, words) };
}

/** The id, where the name is another. */
function named(name: string | null | undefined, id: string): string | null {
  return typeof name === "string" && name !== id ? id : null;
}

function amounts(record: JobRecord | UnitRecord): (string | null)[] {
  const inLine = Object.values(record.metrics ?? {}).reduce((sum, points) => sum + points.length, 0);
  const more = Object.values(record.more_points ?? {}).reduce((sum, count) => sum + count, 0);
  const files = record.artifacts?.files.length ?? 0;
  return [counted(inLine + more, "point"), counted(files, "file"), incompleteness(record.incomplete)];
}

function counted(count: number, what: string): string | null {
  return count === 0 ? null : `${count} ${what}${count === 1 ? "" : "s"}`;
}

function incompleteness(parts: readonly (Incomplete | Record<string, unknown>)[] = []): string | null {
  return parts.length === 0 ? null : `incomplete: ${parts.map(({ part }) => String(part)).join(", ")}`;
}

function line(
  state: string | null | undefined,
  name: string,
  words: readonly (string | null | undefined)[],
): string {
  const sign = SIGNS[(state ?? "").toLowerCase()] ?? OTHER_SIGN;
  const said = words.filter((word) => typeof word === "string" && word !== "");
  return printable([`${sign} ${name}`, ...said].join("  "));
}

/** Names come from anywhere: none of them may move the cursor, hide text or break the line. */
function printable(text: string): string {
  return text.toWellFormed().replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, "\ufffd");
}
