import assert from "node:assert/strict";
import type { Item } from "../../../src/records/item.ts";
import type { KindName } from "../../../src/records/kinds.ts";
import { noCounts } from "../../../src/records/merge_ends.ts";
import { readItems } from "../../../src/records/ndjson_read.ts";
import { Tally } from "../../../src/records/tally.ts";
import { type Arrival, intake, type IntakeOptions } from "../../../src/stages/intake.ts";
import type { Log } from "../../../src/stages/ports.ts";

const end = { kind: "end", v: 1, stage: "extract", complete: true, counts: noCounts(), upstream: [] };

function testLog(warnings: string[]): Log {
  const nothing = () => {};
  return {
    debug: nothing,
    info: nothing,
    error: nothing,
    progress: nothing,
    warn: (text) => warnings.push(text),
  };
}

async function take<K extends KindName>(text: string, kinds: readonly K[], options: IntakeOptions = {}) {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(new TextEncoder().encode(text));
  }
  const tally = new Tally("plan");
  const warnings: string[] = [];
  const arrivals: Arrival<K>[] = [];
  const input = readItems(chunks(), "plan");
  for await (const batch of intake(input, kinds, tally, { log: testLog(warnings) }, options)) {
    arrivals.push(...batch);
  }
  return { arrivals, tally, warnings };
}

const lines = (...records: unknown[]) => records.map((one) => JSON.stringify(one) + "\n").join("");
const error = { kind: "error", v: 1, stage: "extract", code: "x", message: "y", retryable: false };

Deno.test("tells arrivals apart, in the order of the input", async () => {
  const { arrivals, tally, warnings } = await take(
    lines({ kind: "job", v: 1, id: "a" }, error, { kind: "horse" }, { kind: "job", v: 9, id: "b" }) +
      "oops\n" +
      lines({ kind: "unit", v: 1 }, end, { kind: "points", v: 1, job: "a", metric: "m", seq: 0, points: [] }),
    ["job", "points"],
  );
  assert.deepEqual(arrivals.map((one) => one.type), [
    "record",
    "pass",
    "pass",
    "refused",
    "refused",
    "pass",
    "record",
  ]);
  const { counts, upstream } = tally.end(true);
  assert.deepEqual(counts.in, { job: 2, error: 1, horse: 1, unit: 1, points: 1 });
  assert.deepEqual(counts.out, { error: 1, horse: 1, unit: 1 });
  assert.deepEqual([counts.failed, counts.bad_lines, counts.dropped], [1, 1, 0]);
  assert.deepEqual(upstream, [end]);
  assert.deepEqual(warnings, []);
});

Deno.test("what passes, and what is checked, is the very line that came", async () => {
  const raw = '{"v":1, "kind":"job", "id":"a", "new_field":1.0}';
  const { arrivals } = await take(`${raw}\n{"kind":"horse" }\n`, ["job"]);
  const items = arrivals.map((one): Item => one.type === "refused" ? one.error : one.item);
  assert.deepEqual(items.map((item) => item.raw), [raw, '{"kind":"horse" }']);
  const [first] = arrivals;
  assert.ok(first?.type === "record");
  assert.equal(first.record, first.item.record);
});

const refusals: readonly [
  what: string,
  record: unknown,
  code: string,
  says: RegExp,
  id: string | undefined,
][] = [
  ["newer", { kind: "job", v: 2, id: "a" }, "newer_version", /^job "a" on line 2: "v" is 2/, "a"],
  ["without version", { kind: "job", id: "a" }, "bad_version", /^job "a" on line 2: "v" is missing/, "a"],
  ["without id", { kind: "job", v: 1 }, "bad_record", /^job on line 2: "id" is missing/, undefined],
  [
    "with one wrong optional field",
    { kind: "job", v: 1, id: "a", params: { lr: 0.1 } },
    "bad_record",
    /^job "a" on line 2: "params.lr" must be string and is number/,
    "a",
  ],
];

for (const [what, record, code, says, id] of refusals) {
  Deno.test(`a record ${what} is refused, and all others arrive`, async () => {
    const job = { kind: "job", v: 1, id: "z" };
    const { arrivals, tally } = await take(lines(job, record, job, end), ["job"]);
    assert.deepEqual(arrivals.map((one) => one.type), ["record", "refused", "record"]);
    const [, refused] = arrivals;
    assert.ok(refused?.type === "refused");
    const { message, ...rest } = refused.error.record;
    assert.match(String(message), says);
    assert.deepEqual([rest["id"], rest["line"], rest["code"], rest["stage"]], [id, 2, code, "plan"]);
    assert.equal(tally.failures, 1);
  });
}

Deno.test("a bad line is an error like any other to the next stage in the same process", async () => {
  const { arrivals } = await take("oops\n", ["job"]);
  const [first] = arrivals;
  assert.ok(first?.type === "refused");
  const next = new Tally("submit");
  async function* input(item: Item): AsyncGenerator<readonly Item[]> {
    yield await Promise.resolve([item]);
  }
  const passed: string[] = [];
  for await (
    const batch of intake(input(first.error), ["unit"], next, { log: testLog([]) }, { quiet: true })
  ) {
    passed.push(...batch.map((one) => one.type));
  }
  assert.deepEqual(passed, ["pass"]);
  assert.deepEqual([next.end(true).counts.bad_lines, next.errorsSeen], [0, 1]);
});

Deno.test("says once, in one line, that no end came; not when asked to be quiet", async () => {
  const { warnings, tally } = await take(lines({ kind: "job", v: 1, id: "a" }), ["job"]);
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? "", /cut short/);
  assert.equal(tally.upstreamComplete, false);
  assert.deepEqual((await take("", ["job"], { quiet: true })).warnings, []);
});

const HOLLOW: readonly (readonly [name: string, input: string, says: string | null])[] = [
  [
    "receipts alone",
    lines({ kind: "receipt" }, { kind: "receipt" }, end),
    "nothing to plan: the input holds 2 receipt records and no job or unit",
  ],
  ["an end alone", lines(end), "nothing to plan: the input holds no job or unit"],
  ["nothing at all", "", null],
  ["what is no record", "oops\n", null],
  ["a unit", lines({ kind: "unit", v: 1 }, end), null],
];

for (const [name, input, says] of HOLLOW) {
  Deno.test(`${name} came in: ${says ?? "nothing is said"}`, async () => {
    const { warnings } = await take(input, ["job", "points"]);
    assert.deepEqual(warnings, says === null ? [] : [says]);
  });
}

for (
  const [bad, errors, says] of [[100, 100, null], [101, 101, "1 more line is"], [
    340,
    101,
    "240 more lines are",
  ]] as const
) {
  Deno.test(`${bad} bad lines make ${errors} error records, and count as ${bad}`, async () => {
    const good = lines({ kind: "job", v: 1, id: "a" }, end);
    const { arrivals, tally } = await take("  oops,\n".repeat(bad) + good, ["job"]);
    const refused = arrivals.flatMap((one) => one.type === "refused" ? [one.error.record] : []);
    assert.equal(refused.length, errors);
    const last = refused.at(-1);
    assert.equal(last?.["code"], says === null ? "bad_json" : "more_bad_lines");
    assert.ok(String(last?.["message"]).startsWith(says ?? "line 100 "), String(last?.["message"]));
    assert.equal(tally.end(true).counts.bad_lines, bad);
    assert.equal(arrivals.filter(({ type }) => type === "record").length, 1);
  });
}

Deno.test("two archives joined give two ends", async () => {
  const archive = lines({ kind: "job", v: 1, id: "a" }, end);
  const { tally, warnings } = await take(archive + archive, ["job"]);
  assert.equal(tally.end(true).upstream.length, 2);
  assert.equal(tally.upstreamComplete, true);
  assert.deepEqual(warnings, []);
});

Deno.test("an end that cannot be read is said, and counts as one that is not complete", async () => {
  for (const broken of [{ kind: "end", v: 1 }, { ...end, v: 2 }]) {
    const { arrivals, tally } = await take(lines(broken), ["job"]);
    assert.deepEqual(arrivals.map((one) => one.type), ["refused"]);
    assert.equal(tally.endsSeen, 1);
    assert.equal(tally.upstreamComplete, false);
  }
});
