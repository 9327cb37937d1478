import { Ajv, type ValidateFunction } from "ajv";
import * as z from "zod";
import { isJsonObject, type JsonObject, type JsonValue } from "../../src/records/json.ts";

const FILE = new URL("../fixtures/dataplane-contract/contract.json", import.meta.url);

const contractSchema = z.object({
  operations: z.array(z.object({
    method: z.string(),
    path: z.string(),
    answer: z.string().nullable(),
    query: z.array(z.string()),
    body: z.string().nullable(),
  })),
  schemas: z.record(z.string(), z.custom<JsonObject>(isJsonObject)),
});

/**
 * One operation of the published contract. `answer` and `body` are names of schemas, null when there is no JSON that we
 * know; `query` names the query parameters.
 */
export type ContractOperation = z.infer<typeof contractSchema>["operations"][number];

/** The published contract of the data plane, ready to check answers and requests. */
export interface Contract {
  readonly operations: readonly ContractOperation[];
  /** The operation that a request is for; `path` is what follows the service, with the workspace cut to `{ws}`. */
  operationOf(method: string, path: string): ContractOperation | undefined;
  /** What does not fit a schema, one line each; empty when all fits. Every field may be null. */
  faults(schema: string, value: JsonValue): readonly string[];
  /** The same for a request: no null (the published schemas allow none), no field that the schema does not name. */
  requestFaults(schema: string, value: JsonValue): readonly string[];
}

/** Reads the contract. Throws when the fixture is broken. */
export async function readContract(): Promise<Contract> {
  const { operations, schemas } = contractSchema.parse(JSON.parse(await Deno.readTextFile(FILE)));
  const ajv = new Ajv({ strict: false, allErrors: true, formats: FORMATS });
  ajv.addSchema({ $id: "answers", components: { schemas: nullable(schemas) } });
  ajv.addSchema({ $id: "requests", components: { schemas: closed(schemas) } });
  const checks = new Map<string, ValidateFunction>();
  const faults = (side: "answers" | "requests", schema: string, value: JsonValue) => {
    const $ref = `${side}#/components/schemas/${schema}`;
    const check = checks.get($ref) ?? ajv.compile({ $ref });
    checks.set($ref, check);
    check(value);
    return (check.errors ?? []).map(({ instancePath, message, params }) =>
      `${instancePath} ${message}${params.additionalProperty ? ` (${params.additionalProperty})` : ""}`
    );
  };
  const patterns = operations.map((operation) => ({ operation, pattern: pathPattern(operation.path) }));
  return {
    operations,
    operationOf: (method, path) =>
      patterns.find(({ operation, pattern }) => operation.method === method && pattern.test(path))?.operation,
    faults: (schema, value) => faults("answers", schema, value),
    requestFaults: (schema, value) => faults("requests", schema, value),
  };
}

const FORMATS = {
  "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?(Z|[+-]\d\d:\d\d)$/,
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  int32: true,
  int64: true,
  binary: true,
  double: true,
  float: true,
} as const;

/** The same schemas with null allowed wherever a value stands. */
function nullable(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(nullable);
  if (!isJsonObject(value)) return value;
  if (typeof value.$ref === "string") return { anyOf: [{ $ref: value.$ref }, { type: "null" }] };
  const mapped = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, nullable(item)]));
  if (typeof value.type === "string") mapped.type = [value.type, "null"];
  return mapped;
}

/** The same schemas without room for fields that they do not name. */
function closed(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(closed);
  if (!isJsonObject(value)) return value;
  const mapped = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, closed(item)]));
  if (value.type === "object" && isJsonObject(value.properties) && !("additionalProperties" in value)) {
    mapped.additionalProperties = false;
  }
  return mapped;
}

/** What fits a path template whose workspace is written `{ws}`; any other `{name}` is one segment. */
export function pathPattern(path: string): RegExp {
  const source = path.replaceAll(/\{(\w+)\}|[^{]+/g, (text, name) => {
    if (name === undefined) return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return name === "ws" ? "\\{ws\\}" : "[^/]+";
  });
  return new RegExp(`^${source}$`, "i");
}
