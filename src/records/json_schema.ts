import * as z from "zod";
import { type Kind, type KindName, KINDS } from "./kinds.ts";

/** The names of the record kinds. */
export const KIND_NAMES: readonly string[] = Object.keys(KINDS);

/** The JSON Schema of a record kind; null when there is no such kind. */
export function schemaOf(kind: string): object | null {
  const known = isKind(kind) ? KINDS[kind] : null;
  return known ? render(kind, known) : null;
}

function isKind(kind: string): kind is KindName {
  return Object.hasOwn(KINDS, kind);
}

function render(kind: string, { v, schema }: Kind): object {
  // Fields of any JSON have no schema of their own: `{}`, which is what "any" writes.
  const { $schema, ...rest } = z.toJSONSchema(schema, { unrepresentable: "any" });
  return { $schema, title: `azml record "${kind}", version ${v}`, ...rest };
}
