import assert from "node:assert/strict";
import type { EndRecord } from "../../../src/records/end.ts";
import { endSchema } from "../../../src/records/end.ts";
import { endIsClean } from "../../../src/records/end_is_clean.ts";
import { endIsEmpty } from "../../../src/records/end_is_empty.ts";
import { ENDS_LISTED, flattenEnd, noCounts, tolerantEnd } from "../../../src/records/merge_ends.ts";
import { Tally } from "../../../src/records/tally.ts";

const job = { kind: "job", v: 1, id: "a" };

function endOf(stage: string, counts: Partial<EndRecord["counts"]> = {}, complete = true): EndRecord {
  return { kind: "end", v: 1, stage, complete, counts: { ...noCounts(), ...counts }, upstream: [] };
}

Deno.test("counts by kind and balances", () => {
  const tally = new Tally("filter");
  for (let i = 0; i < 4; i++) tally.in(job);
  tally.in({ kind: "points", v: 1 });
  tally.in({ kind: "error", v: 1 });
  tally.out(job);
  tally.out({ kind: "points", v: 1 });
  tally.out({ kind: "error", v: 1 });
  tally.dropped(2);
  tally.failed();
  tally.badLine();
  const end = tally.end(true, { calls: 3 });
  assert.deepEqual(end, {
    kind: "end",
    v: 1,
    stage: "filter",
    complete: true,
    counts: {
      in: { job: 4, points: 1, error: 1 },
      out: { job: 1, points: 1, error: 1 },
      dropped: 2,
      failed: 1,
      incomplete: 0,
      bad_lines: 1,
      calls: 3,
      files: 0,
      bytes: 0,
    },
    upstream: [],
  });
  assert.equal(endSchema.safeParse(end).success, true);
  assert.deepEqual([tally.errorsSeen, tally.endsSeen, tally.failures], [1, 0, 1]);
});

Deno.test("counts a record that came in incomplete once, and one that became so", () => {
  const tally = new Tally("plan");
  tally.in({ ...job, incomplete: [{ part: "metrics", code: "x", message: "y" }] });
  tally.in({ ...job, incomplete: [] });
  assert.equal(tally.end(true).counts.incomplete, 1);
  tally.incomplete();
  assert.equal(tally.end(true).counts.incomplete, 2);
});

Deno.test("what files() counted wins over what was spent", () => {
  const tally = new Tally("submit");
  assert.deepEqual(pick(tally.end(true, { calls: 1, files: 2, bytes: 3 })), [1, 2, 3]);
  tally.files(5, 70);
  tally.files(1, 7);
  assert.deepEqual(pick(tally.end(true, { calls: 1, bytes: 3 })), [1, 6, 77]);
});

function pick(end: EndRecord): number[] {
  return [end.counts.calls, end.counts.files, end.counts.bytes];
}

Deno.test("upstream ends lie flat, oldest first, through a chain and for joined archives", () => {
  const filter = new Tally("filter");
  filter.upstream(endOf("extract", { failed: 1 }));
  filter.upstream(endOf("extract", { dropped: 2 }));
  const plan = new Tally("plan");
  plan.upstream(filter.end(true));
  const { upstream } = plan.end(true);
  assert.deepEqual(upstream.map((end) => end["stage"]), ["extract", "extract", "filter"]);
  assert.ok(upstream.every((end) => Array.isArray(end["upstream"]) && end["upstream"].length === 0));
  assert.equal(plan.endsSeen, 1);
});

Deno.test("ends that others nested are flattened oldest first", () => {
  const nested = {
    ...endOf("c"),
    upstream: [endOf("a"), { ...endOf("b"), upstream: [endOf("x"), { kind: "no end" }] }],
  };
  assert.deepEqual(flattenEnd(nested).map((end) => end.stage), ["a", "x", "b", "c"]);
});

Deno.test("very many ends are summed up by stage, and lose no fault", () => {
  const tally = new Tally("plan");
  for (let i = 0; i < 1000; i++) {
    tally.upstream(endOf(i % 2 === 0 ? "extract" : "filter", { in: { job: 1 }, dropped: 1 }));
  }
  tally.upstream(endOf("extract", { failed: 1 }, false));
  const { upstream } = tally.end(true);
  assert.deepEqual(upstream.map((end) => end["stage"]), ["extract", "filter"]);
  const [extract] = upstream.map((end) => tolerantEnd(end));
  assert.deepEqual([
    extract?.complete,
    extract?.counts.in["job"],
    extract?.counts.dropped,
    extract?.counts.failed,
  ], [
    false,
    500,
    500,
    1,
  ]);
  for (let i = 0; i < 1000; i++) tally.upstream(endOf(`stage ${i}`));
  const end = tally.end(true);
  assert.ok(end.upstream.length <= ENDS_LISTED);
  assert.equal(endIsClean(end), false);
});

Deno.test("kinds from a hostile input stay a bounded list", () => {
  const tally = new Tally("filter");
  for (let i = 0; i < 5000; i++) tally.in({ kind: `kind ${i}` });
  tally.in({ kind: "__proto__" });
  const kinds = tally.end(true).counts.in;
  assert.ok(Object.keys(kinds).length <= 257);
  assert.equal(Object.values(kinds).reduce((sum, n) => sum + n, 0), 5001);
});

const cleanness: readonly [what: string, end: EndRecord, clean: boolean][] = [
  ["nothing wrong", endOf("plan", { in: { job: 2 }, dropped: 1 }), true],
  ["failed", endOf("plan", { failed: 1 }), false],
  ["incomplete", endOf("plan", { incomplete: 1 }), false],
  ["a bad line", endOf("plan", { bad_lines: 1 }), false],
  ["an error from before", endOf("plan", { in: { error: 1 } }), false],
  ["interrupted", endOf("plan", {}, false), false],
  ["clean before", { ...endOf("plan"), upstream: [endOf("extract")] }, true],
  ["failed before", { ...endOf("plan"), upstream: [endOf("extract", { failed: 1 })] }, false],
  ["incomplete before", { ...endOf("plan"), upstream: [endOf("extract", { incomplete: 1 })] }, false],
  ["interrupted before", { ...endOf("plan"), upstream: [endOf("extract", {}, false)] }, false],
  [
    "failed before, nested",
    { ...endOf("submit"), upstream: [{ ...endOf("plan"), upstream: [endOf("extract", { failed: 1 })] }] },
    false,
  ],
];

for (const [what, end, clean] of cleanness) {
  Deno.test(`an end is ${clean ? "clean" : "not clean"}: ${what}`, () =>
    assert.equal(endIsClean(end), clean));
}

const emptiness: readonly [what: string, end: EndRecord, empty: boolean][] = [
  ["nothing at all", endOf("plan"), true],
  ["bad lines alone", endOf("plan", { bad_lines: 3 }), true],
  ["a job", endOf("plan", { in: { job: 1 } }), false],
  ["an error alone", endOf("plan", { in: { error: 1 } }), false],
  ["an end alone", { ...endOf("plan"), upstream: [endOf("extract")] }, false],
];

for (const [what, end, empty] of emptiness) {
  Deno.test(`a stream is ${empty ? "empty" : "not empty"}: ${what}`, () =>
    assert.equal(endIsEmpty(end), empty));
}

Deno.test("an end of unsure shape is never taken for complete", () => {
  const end = tolerantEnd({
    kind: "end",
    counts: { in: { job: "2", unit: 3 }, failed: NaN, dropped: 4 },
    upstream: 7,
  });
  assert.equal(end.complete, false);
  assert.equal(end.stage, "unknown");
  assert.deepEqual([end.counts.in, end.counts.failed, end.counts.dropped], [{ job: 0, unit: 3 }, 0, 4]);
});
