import assert from "node:assert/strict";
import { Ajv2020 } from "ajv/dist/2020.js";
import { schemaDrift, writeSchemas } from "../../../scripts/schemas.ts";
import { checkRecord } from "../../../src/records/check.ts";
import type { AnyRecord } from "../../../src/records/item.ts";
import { KINDS } from "../../../src/records/kinds.ts";
import { Tally } from "../../../src/records/tally.ts";

const FOLDER = new URL("../../../config/schemas/", import.meta.url);

const samples: readonly AnyRecord[] = [
  {
    kind: "job",
    v: 1,
    id: "a",
    role: null,
    metrics: { m: [[0, 1, "NaN"], ["9007199254740993", 2, 0.5]] },
    more: [1],
  },
  { kind: "points", v: 1, job: "a", metric: "m", seq: 0, points: [[0, 1, 2]] },
  new Tally("plan").end(true),
  { kind: "error", v: 1, stage: "plan", code: "c", message: "m", retryable: true },
  { kind: "diff", v: 1, id: "a", symbol: "=", fields: [] },
];

const broken: readonly AnyRecord[] = [
  { kind: "job", v: 1 },
  { kind: "job", v: 2, id: "a" },
  { kind: "job", v: 1, id: "a", metrics: { m: [[0, 1]] } },
  { kind: "job", v: 1, id: "a", metrics: { m: [[0, 1, "x"]] } },
  { kind: "diff", v: 1, id: "a", symbol: "?", fields: [] },
];

async function agrees(record: AnyRecord): Promise<boolean> {
  const schema = JSON.parse(await Deno.readTextFile(new URL(`${record.kind}.schema.json`, FOLDER)));
  return new Ajv2020({ strict: false }).validate(schema, record);
}

Deno.test("the schemas in config/schemas are those of src/records", async () => {
  assert.deepEqual(await schemaDrift(FOLDER), []);
});

for (const record of samples) {
  Deno.test(`another validator accepts a ${record.kind} with the written schema`, async () => {
    assert.equal(checkRecord(record).ok, true);
    assert.equal(await agrees(record), true);
  });
}

for (const record of broken) {
  Deno.test(`another validator refuses ${JSON.stringify(record)}`, async () => {
    assert.equal(checkRecord(record).ok, false);
    assert.equal(await agrees(record), false);
  });
}

Deno.test("drift is named file by file", async () => {
  const dir = await Deno.makeTempDir();
  const folder = new URL(`file://${dir}/`);
  await writeSchemas(folder);
  assert.deepEqual(await schemaDrift(folder), []);
  await Deno.remove(new URL("job.schema.json", folder));
  await Deno.writeTextFile(new URL("unit.schema.json", folder), "{}\n");
  await Deno.writeTextFile(new URL("horse.schema.json", folder), "{}\n");
  assert.deepEqual(await schemaDrift(folder), [
    "job.schema.json is missing",
    "unit.schema.json differs from src/records",
    "horse.schema.json belongs to no record kind",
  ]);
  await writeSchemas(folder);
  assert.equal([...Deno.readDirSync(folder)].length, Object.keys(KINDS).length);
  await Deno.remove(folder, { recursive: true });
});
