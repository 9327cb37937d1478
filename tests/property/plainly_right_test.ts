import assert from "node:assert/strict";
import fc from "fast-check";
import * as z from "zod";
import { KINDS } from "../../src/records/kinds.ts";
import { plainlyRight } from "../../src/records/plainly_right.ts";

const schemas = Object.entries(KINDS);
const point = fc.tuple(
  fc.oneof(fc.integer(), fc.constantFrom("9007199254740993", "NaN", "x", null)),
  fc.oneof(fc.integer(), fc.constantFrom(NaN, "1")),
  fc.oneof(fc.double(), fc.constantFrom("-Infinity", "", true)),
);
const field = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<unknown>(null, "text", "", 1, 0.5, NaN, true, undefined, [], {}) },
  {
    weight: 2,
    arbitrary: fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.array(point, { maxLength: 3 }))),
  },
  { weight: 1, arbitrary: fc.array(fc.oneof(point, fc.anything()), { maxLength: 4 }) },
  { weight: 1, arbitrary: fc.anything() },
);

for (const [kind, { schema }] of schemas) {
  Deno.test(`what is plainly a right ${kind} is right to its schema`, () => {
    const fits = plainlyRight(schema);
    const names = Object.keys(schema.shape);
    const changes = fc.dictionary(fc.constantFrom(...names, "more", "__proto__"), field, { maxKeys: 4 });
    fc.assert(
      fc.property(changes, fc.boolean(), (changed, whole) => {
        const record = { kind, v: 1, ...(whole ? right[kind] : {}), ...changed };
        if (fits(record)) assert.equal(schema.safeParse(record).success, true, JSON.stringify(record));
      }),
      { numRuns: 500 },
    );
  });

  Deno.test(`a common ${kind} is plainly right`, () => {
    assert.equal(plainlyRight(schema)({ kind, v: 1, ...right[kind], more: [1] }), true);
  });
}

/** One whole record of each kind. */
const right: Readonly<Record<string, Record<string, unknown>>> = {
  experiment: {
    id: "1",
    source: "mlflow+http://a",
    name: "churn",
    lifecycle_stage: "active",
    archived: false,
    creation_time: 1,
    tags: { a: "b" },
  },
  logged_model: { id: "m-1", name: "model", params: { a: "b" }, metrics: [], artifacts: null },
  model: { id: "churn", name: "churn", tags: {}, aliases: { best: "1" } },
  model_version: { id: "churn/1", name: "churn", version: "1", aliases: ["best"], run_id: null },
  job: {
    id: "a",
    role: null,
    depth: 0,
    tags: { a: "b" },
    metrics: { m: [[0, 1, 2], ["9007199254740993", 1, "NaN"]] },
    tables: [{ name: "t", type: null, rows: [{ a: 1 }], columns: { a: "int" } }],
    definition: { any: ["thing"] },
    artifacts: { store: { kind: "azure-blob", prefix: null }, files: [{ path: "a", size: null, md5: "x" }] },
    incomplete: [{ part: "metrics", code: "c", message: "m" }],
    reduced: { metrics: "last" },
  },
  points: { job: "a", metric: "m", seq: 0, points: [[0, 1, 2]] },
  unit: {
    id: "u",
    origin: { source: null, id: "a", parent: null, root: null, depth: null },
    as: "runs",
    for: "azureml",
    role: "run",
    target_name: "u",
    times: { created: null, started: "t" },
    loss: [{ field: "f", change: "moved", reason: "r", original: [1] }],
    rest: { a: { b: 1 } },
  },
  receipt: {
    unit: "u",
    original: null,
    target: null,
    outcome: "created",
    steps: ["create"],
    artifacts: { files: 0, bytes: 0, failed: [] },
    loss: [],
  },
  diff: { id: "a", symbol: "=", fields: [{ field: "f", source: 1 }] },
  error: { stage: "s", code: "c", message: "m", retryable: false },
  end: {
    stage: "s",
    complete: true,
    counts: {
      in: {},
      out: { job: 1 },
      dropped: 0,
      failed: 0,
      incomplete: 0,
      bad_lines: 0,
      calls: 0,
      files: 0,
      bytes: 0,
    },
    upstream: [{ kind: "end" }],
  },
};

const unsure: readonly [what: string, schema: z.ZodType, value: unknown][] = [
  ["a text with a check of its own", z.string().refine((text) => text !== "x"), "x"],
  ["a text with two checks", z.string().min(1).max(2), "abc"],
  ["a format", z.email(), "x"],
  ["a whole number", z.int(), 1.5],
  ["a number with a bound", z.number().min(3), 1],
  ["an object that takes no other fields", z.strictObject({ a: z.string() }), { a: "x", b: 1 }],
  ["a map with chosen keys", z.record(z.enum(["a"]), z.string()), { b: "x" }],
  ["a list with a least length", z.array(z.string()).min(1), []],
  ["a transformed value", z.string().transform((text) => text.length), 3],
  ["a list of lists", z.array(z.array(z.number())), [[1], ["x"]]],
];

for (const [what, schema, value] of unsure) {
  Deno.test(`leaves ${what} to the schema`, () => {
    assert.equal(schema.safeParse(value).success, false);
    assert.equal(plainlyRight(schema)(value), false);
  });
}
