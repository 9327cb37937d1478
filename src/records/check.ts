import type * as z from "zod";
import type { AnyRecord } from "./item.ts";
import { type Kind, type KindName, KINDS, type RecordOf } from "./kinds.ts";
import { type Fits, plainlyRight } from "./plainly_right.ts";
import { schemaFault } from "./schema_fault.ts";
import { DEPTH_MAX, tooDeepField } from "./too_deep.ts";

/** What a check says: all right, or a code, a message that names the field, and what to do. */
export type RecordCheck<K extends KindName = KindName> =
  | { readonly ok: true; readonly record: RecordOf<K> }
  | { readonly ok: false; readonly code: CheckCode; readonly message: string; readonly hint: string };

/** Why a record is refused. */
export type CheckCode = "unknown_kind" | "bad_version" | "newer_version" | "bad_record" | "record_too_deep";

const known: ReadonlyMap<string, Kind> = new Map(Object.entries(KINDS));

/** The quick test of each schema, made when it is first needed. */
const quick = new Map<z.ZodType, Fits>();

/** Whether azml knows records of this kind. */
export function isKnownKind(kind: string): kind is KindName {
  return known.has(kind);
}

/**
 * Checks a record against the schema of its kind: versions up to ours, every field that we know. Fields that we do not
 * know are fine. The record that goes on is the very object that came: a schema's copy has its keys in another order.
 * A stage that reads only a few fields gives a schema of those (`fields`) instead, and must look at no others.
 */
export function checkRecord(record: AnyRecord, fields?: z.ZodType): RecordCheck {
  const kind = known.get(record.kind);
  if (kind === undefined) {
    return refuse("unknown_kind", `kind "${record.kind.slice(0, 40)}" is not known`, "pass it on as it is");
  }
  const { v } = record;
  if (typeof v !== "number" || !Number.isInteger(v) || v < 1) {
    const what = v === undefined ? "is missing" : "must be a whole number from 1";
    return refuse("bad_version", `"v" ${what}`, `add the schema version, "v": ${kind.v}`);
  }
  if (v > kind.v) {
    return refuse(
      "newer_version",
      `"v" is ${v}; this azml reads ${record.kind} records up to version ${kind.v}`,
      "get a newer azml, or write the records with an older one",
    );
  }
  const message = complaint(fields ?? kind.schema, v === kind.v ? record : { ...record, v: kind.v });
  if (message !== null) {
    const hint = `azml schema ${record.kind} shows the fields; a field that is left out is not carried`;
    return refuse("bad_record", message, hint);
  }
  const deep = tooDeepField(record);
  if (deep !== null) {
    return refuse(
      "record_too_deep",
      `"${deep.slice(0, 40)}" nests deeper than ${DEPTH_MAX} objects and lists within each other`,
      "no job of Azure ML looks like that; take the field away with a filter to carry the rest",
    );
  }
  // The schema of its kind has just accepted it, which is what RecordOf says; its own output is another object.
  return { ok: true, record: record as RecordOf<KindName> };
}

/** What a schema has against a record; null when nothing. */
function complaint(schema: z.ZodType, record: AnyRecord): string | null {
  let fits = quick.get(schema);
  if (fits === undefined) {
    fits = plainlyRight(schema);
    quick.set(schema, fits);
  }
  if (fits(record)) return null;
  const checked = schema.safeParse(record);
  return checked.success ? null : schemaFault(checked.error.issues).message;
}

function refuse(code: CheckCode, message: string, hint: string): RecordCheck {
  return { ok: false, code, message, hint };
}
