import assert from "node:assert/strict";
import type { JobRecord } from "../../../src/records/job.ts";
import { jobMark } from "../../../src/stages/job_mark.ts";
import { plan } from "../../../src/stages/plan.ts";
import { job, ran, stream, surroundings } from "./samples.ts";

const POINTS: [number, number, number][] = Array.from(
  { length: 100 },
  (_, i) => [i, 1704067200000 + i, i / 2],
);
const whole = () =>
  job("a", {
    metrics: { loss: POINTS },
    definition: { command: "train", environment: { image: "x" } },
    properties: { p: "1" },
    tables: [{ name: "t", type: "azureml.v1.table", rows: [{ a: 1 }] }],
    inputs: { data: { uri: "here" } },
    outputs: null,
    artifacts: { store: null, files: [{ path: "a", size: 1 }] },
  });

const edited = POINTS.map((point, i): [number, number, number] => i === 50 ? [50, point[1], 99] : point);
const swapped = POINTS.map((point, i) => i === 3 ? POINTS[4] ?? point : i === 4 ? POINTS[3] ?? point : point);

/** What differs, and the fields that are other. */
const OTHERS: readonly (readonly [string, Partial<JobRecord>])[] = [
  ["a middle point", { metrics: { loss: edited } }],
  ["two points that changed places", { metrics: { loss: swapped } }],
  ["a metric's name", { metrics: { lost: POINTS } }],
  ["a word deep in the definition", { definition: { command: "train", environment: { image: "y" } } }],
  ["a property", { properties: { p: "2" } }],
  ["a value that moved to another key", { properties: { q: "1" } }],
  ["a table's row", { tables: [{ name: "t", type: "azureml.v1.table", rows: [{ a: 2 }] }] }],
  ["an input", { inputs: { data: { uri: "there" } } }],
  ["null that became an empty object", { outputs: {} }],
  ["a file's size", { artifacts: { store: null, files: [{ path: "a", size: 2 }] } }],
  ["a field of a newer azml", { colour: "blue" }],
];

for (const [name, fields] of OTHERS) {
  Deno.test(`a job that comes again with another content is told of: ${name}`, async () => {
    const { of, end } = await ran(plan(stream([whole(), { ...whole(), ...fields }]), {}, surroundings()));
    assert.deepEqual(of("error").map(({ code }) => code), ["duplicate_differs"]);
    assert.equal(end.counts?.["failed"], 1);
  });
}

Deno.test("the order of keys at any depth, and how numbers are written, make no other mark", () => {
  const turned = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(turned);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).reverse().map(([key, one]) => [key, turned(one)]));
  };
  const again: JobRecord = { ...whole(), ...Object(turned(whole())) };
  assert.equal(jobMark(again), jobMark(whole()));
  assert.equal(jobMark(job("a", { depth: JSON.parse("-0.0e1") })), jobMark(job("a", { depth: 0 })));
});

Deno.test("marks of jobs that differ in one number do not meet", () => {
  const marks = new Set(Array.from({ length: 5000 }, (_, i) => jobMark(job("a", { depth: i }))));
  assert.equal(marks.size, 5000);
});
