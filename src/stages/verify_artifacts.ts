import type { FileRef } from "../records/artifacts.ts";
import type { FieldDiff } from "../records/diff.ts";
import { Failure } from "../records/failure.ts";
import type { JsonObject } from "../records/json.ts";
import type { UnitRecord } from "../records/unit.ts";
import type { Fault, FoundJob } from "./ports.ts";
import { differs } from "./verify_fields.ts";

/** What lies below this in a run is azml's own. */
const OWN_FOLDER = "azml/";

/**
 * Compares the files of a run: paths, sizes, and MD5 where both sides have one. Throws `Failure` when the target's
 * files cannot be listed, or not wholly.
 */
export async function verifyArtifacts(unit: UnitRecord, there: FoundJob): Promise<FieldDiff[]> {
  if (!unit.artifacts) return [];
  const { artifacts, faults } = await there.artifacts();
  const [fault] = faults;
  // Half a list would tell of differences that are none.
  if (fault !== undefined) throw failureOf(fault);
  const theirs = new Map(artifacts.files.map((file) => [file.path, file]));
  const diffs: FieldDiff[] = [];
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
