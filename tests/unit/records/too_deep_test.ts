import assert from "node:assert/strict";
import { checkRecord } from "../../../src/records/check.ts";
import { DEPTH_MAX } from "../../../src/records/too_deep.ts";
import { submit } from "../../../src/stages/submit.ts";
import { verify } from "../../../src/stages/verify.ts";
import { plan } from "../../../src/stages/plan.ts";
import { FakeTarget } from "../stages/fake_target.ts";
import { job, ran, surroundings } from "../stages/samples.ts";

/** `levels` objects and lists within each other. */
function nested(levels: number): string {
  const half = Math.floor(levels / 2);
  return `{"a":[`.repeat(half) + (levels % 2 === 1 ? "[]" : "0") + "]}".repeat(half);
}

function hostile(field: string, levels: number) {
  const raw = JSON.stringify(job("deep")).replace(/}$/, `,${JSON.stringify(field)}:${nested(levels)}}`);
  return { record: { ...job("deep"), [field]: JSON.parse(nested(levels)) }, raw, line: 1 };
}

for (const field of ["definition", "run", "something_new"]) {
  Deno.test(`the deepest ${field} that is taken, and one level more`, () => {
    const fits = checkRecord(hostile(field, DEPTH_MAX - 1).record);
    assert.equal(fits.ok, true);
    const deep = checkRecord(hostile(field, DEPTH_MAX).record);
    assert.equal(deep.ok === false && deep.code, "record_too_deep");
  });
}

const STAGES = {
  plan: (input: AsyncIterable<readonly ReturnType<typeof hostile>[]>) => plan(input, {}, surroundings()),
  submit: (input: AsyncIterable<readonly ReturnType<typeof hostile>[]>) =>
    submit(input, new FakeTarget(), {}, surroundings()),
  verify: (input: AsyncIterable<readonly ReturnType<typeof hostile>[]>) =>
    verify(input, new FakeTarget(), { extras: false }, surroundings()),
};

for (const [name, stage] of Object.entries(STAGES)) {
  Deno.test(`${name} refuses a definition 20,000 deep and takes the others`, async () => {
    async function* input() {
      yield [hostile("definition", 20_000)];
      yield [{ ...hostile("other", 3), line: 2 }];
    }
    const { thrown, of, end } = await ran(stage(input()));
    assert.equal(thrown, undefined);
    assert.deepEqual(of("error").map(({ code, id, line }) => [code, id, line]), [[
      "record_too_deep",
      "deep",
      1,
    ]]);
    assert.equal(end.counts?.["failed"], 1);
    assert.equal(of(name === "plan" ? "unit" : name === "submit" ? "receipt" : "diff").length, 1);
    assert.deepEqual(end.counts?.["in"], { job: 2 });
  });
}
