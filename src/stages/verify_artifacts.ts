import type { FileRef } from "../records/artifacts.ts";
import type { FieldDiff } from "../records/diff.ts";
import { Failure } from "../records/failure.ts";
import type { JsonObject } from "../records/json.ts";
import type { UnitRecord } from "../records/unit.ts";
import { ORIGINAL_PATH, originalFile, OWN_FOLDER } from "./original_file.ts";
import type { Fault, FoundJob } from "./ports.ts";
import { differs } from "./verify_fields.ts";

/**
 * Compares the files of a run: paths, sizes, and MD5 where both sides have one; and whether the file is there that
 * keeps what a run has no place for. Throws `Failure` when the target's files cannot be listed, or not wholly.
 */
export async function verifyArtifacts(
  unit: UnitRecord,
  there: Pick<FoundJob, "artifacts">,
): Promise<FieldDiff[]> {
  // What was read by half may want a file that the whole record did not.
  const keepsOriginal = !unit.incomplete?.length && unit.role === "run";
  const original = keepsOriginal ? originalFile(unit, unit.loss ?? []) : null;
  if (!unit.artifacts && original === null) return [];
  const { artifacts, faults } = await there.artifacts();
  const [fault] = faults;
  // Half a list would tell of differences that are none.
  if (fault !== undefined) throw failureOf(fault);
  const theirs = new Map(artifacts.files.map((file) => [file.path, file]));
  const diffs = originalDiffs(original?.length ?? null, theirs.get(ORIGINAL_PATH));
  if (!unit.artifacts) return diffs;
  for (const file of unit.artifacts.files) {
    const other = theirs.get(file.path);
    theirs.delete(file.path);
    if (other === undefined) diffs.push(differs(`artifacts.${file.path}`, said(file), null));
    else if (!isSame(file, other)) diffs.push(differs(`artifacts.${file.path}`, said(file), said(other)));
  }
  if (unit.incomplete?.length) return diffs;
  for (const file of theirs.values()) {
    if (!file.path.startsWith(OWN_FOLDER)) diffs.push(differs(`artifacts.${file.path}`, null, said(file)));
  }
  return diffs;
}

/**
 * What the target's own losses and earlier, fuller records added makes the file larger than what the unit alone would
 * fill, and its hash another: only a file that is not there, or that is too small to hold it all, is a difference.
 */
function originalDiffs(expected: number | null, there: FileRef | undefined): FieldDiff[] {
  if (expected === null) return [];
  if (there !== undefined && (there.size === null || there.size >= expected)) return [];
  return [differs(ORIGINAL_PATH, { size: expected }, there === undefined ? null : said(there))];
}

function failureOf({ code, message, retryable, hint }: Fault): Failure {
  return new Failure(message, { code, reach: "record", retryable, ...(hint === undefined ? {} : { hint }) });
}

function isSame(a: FileRef, b: FileRef): boolean {
  if (a.size !== null && b.size !== null && a.size !== b.size) return false;
  return a.md5 === undefined || b.md5 === undefined || a.md5.toLowerCase() === b.md5.toLowerCase();
}

function said({ size, md5 }: FileRef): JsonObject {
  return { size, ...(md5 === undefined ? {} : { md5 }) };
}
