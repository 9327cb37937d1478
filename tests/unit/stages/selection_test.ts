import assert from "node:assert/strict";
import { Failure } from "../../../src/records/failure.ts";
import { keepRoot } from "../../../src/stages/keep_root.ts";
import type { RootFacts } from "../../../src/stages/ports.ts";
import { readSelection, type SelectionWords } from "../../../src/stages/selection.ts";

const ROOT: RootFacts = {
  id: "job-1",
  experiment: "churn-2024",
  status: "Completed",
  type: "pipeline",
  tags: { team: "blue", note: "a,b=c", owner: "" },
  archived: false,
  created_at: "2025-03-31T00:00:00.0000000+00:00",
};

const KEPT: readonly SelectionWords[] = [
  {},
  { experiment: ["churn*"] },
  { experiment: ["other,churn-2024"] },
  { experiment: ["other", "churn-*"] },
  { status: ["completed,FAILED"] },
  { type: ["Pipeline"] },
  { tag: ["team"] },
  { tag: ["team=blue"] },
  { tag: ["owner="] },
  { tag: ["team=red,team=blue"] },
  { tag: ["team=blue", "owner"] },
  { tag: ["note=a\\,b=c"] },
  { createdAfter: "2025-03-31" },
  { createdBefore: "2025-03-31T00:00:00.0000001Z" },
  { archived: "exclude" },
  { archived: "include" },
  { experiment: ["churn*"], status: ["Completed"], tag: ["team"], createdAfter: "2024-01-01" },
];

const DROPPED: readonly SelectionWords[] = [
  { experiment: ["churn"] },
  { experiment: ["CHURN*"] },
  { status: ["failed"] },
  { status: ["complete*"] },
  { type: ["sweep"] },
  { tag: ["missing"] },
  { tag: ["team=blu*"] },
  { tag: ["team=blue", "missing"] },
  { tag: ["toString"] },
  { createdAfter: "2025-03-31T00:00:00.0000001Z" },
  { createdBefore: "2025-03-31" },
  { archived: "only" },
  { experiment: ["churn*"], status: ["Failed"] },
];

for (const words of KEPT) {
  Deno.test(`a root is kept by ${JSON.stringify(words)}`, () => {
    assert.equal(keepRoot(readSelection(words))(ROOT), true);
  });
}

for (const words of DROPPED) {
  Deno.test(`a root is left out by ${JSON.stringify(words)}`, () => {
    assert.equal(keepRoot(readSelection(words))(ROOT), false);
  });
}

for (const field of ["experiment", "status", "type", "tags", "created_at"] as const) {
  Deno.test(`a root whose ${field} is not known holds no word that asks for it`, () => {
    const words = {
      experiment: ["*"],
      status: ["Completed"],
      type: ["pipeline"],
      tag: ["team"],
      createdAfter: "2000-01-01",
    };
    assert.equal(keepRoot(readSelection(words))({ ...ROOT, [field]: null }), false);
  });
}

Deno.test("ids are taken from the option and the file, literally and once each", () => {
  const selection = readSelection({ include: ["a,b*", "c\\,d"], includeFile: ["a", " e,f ", ""] });
  assert.deepEqual(selection.include, ["a", "b*", "c,d", "e,f"]);
});

const BAD: readonly [words: SelectionWords, message: RegExp][] = [
  [{ createdAfter: "last week" }, /^--created-after "last week" is neither a time nor a date$/],
  [{ createdBefore: "2025-02-30" }, /^--created-before "2025-02-30" is neither/],
  [{ createdAfter: "2025-01-02", createdBefore: "2025-01-01" }, /is not before --created-before/],
  [{ maxDepth: -1 }, /^--max-depth -1 is not a whole number from 0 up$/],
  [{ maxDepth: 1.5 }, /^--max-depth 1.5/],
  [{ limit: 0 }, /^--limit 0 is not a whole number from 1 up$/],
  [{ limit: NaN }, /^--limit NaN/],
  [{ archived: "yes" }, /^--archived "yes" is not known$/],
  [{ tag: ["=x"] }, /^--tag =x names no tag$/],
  [{ status: [","] }, /^--status names nothing$/],
  [{ include: [""] }, /^--include names nothing$/],
  [{ includeFile: ["", "  "] }, /^--include-file names no job$/],
];

for (const [words, message] of BAD) {
  Deno.test(`the words ${JSON.stringify(words)} are refused as usage`, () => {
    assert.throws(() => readSelection(words), (error) => {
      assert.ok(error instanceof Failure);
      assert.match(error.message, message);
      assert.equal(error.facts.reach, "usage");
      assert.ok(error.facts.hint);
      return true;
    });
  });
}
