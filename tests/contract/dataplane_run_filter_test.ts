import assert from "node:assert/strict";
import { FilterSyntaxError } from "../emulator/history/filter_tokens.ts";
import { isRunField, runField } from "../emulator/history/run_fields.ts";
import { runFilter } from "../emulator/history/run_filter.ts";
import { newRun } from "../emulator/state/run.ts";

const run = newRun({
  runId: "r1",
  experimentId: "e",
  status: "Completed",
  runType: "azureml.scriptrun",
  createdUtc: "2024-05-06T07:08:09.1230000+00:00",
  tags: { k: "a b", empty: "" },
  properties: { "azureml.runsource": "sweep", p: "1 or 2" },
  runTypeV2: { orchestrator: "External", traits: [], attribution: null, computeType: null },
}, { now: "2024-05-06T07:08:09.1230000+00:00", rootRunId: "root", guid: "g" });

/** Filter, whether the run passes. */
const cases: readonly [string, boolean][] = [
  ["", true],
  ["RunId eq r1", true],
  ["runid eq r1", true],
  ["RootRunId eq root and RunId ne root", true],
  ["(RootRunId eq root and RunId ne r1)", false],
  ["ParentRunId eq null", true],
  ["ParentRunId ne null", false],
  ["RunId eq a or RunId eq r1", true],
  ["(RootRunId eq a or RootRunId eq root)", true],
  ["RunId eq a or RunId eq r1 and Status eq Failed", false],
  ["(RunId eq a or RunId eq r1) and Status eq completed", true],
  ['Tags/k eq "a b"', true],
  ["Tags/k eq 'a b'", true],
  ['Tags/K eq "a b"', false],
  ['Tags/empty eq ""', true],
  ["(Tags/none ne null or Tags/none eq null)", true],
  ['Properties/p eq "1 or 2"', true],
  ["(RunType eq other or Properties/azureml.runsource eq sweep)", true],
  ["RunTypeV2/Orchestrator eq External", true],
  ["CreatedUtc ge 2024-05-06T07:08:09.123Z", true],
  ["CreatedUtc gt 2024-05-06T09:08:09.123+02:00", false],
  ["CreatedUtc lt 2025-01-01", true],
  ["CreatedUtc le 2024-01-01T00:00:00+00:00", false],
  ["not (Status eq Failed)", true],
];

Deno.test("a run history filter lets through what it says", async (t) => {
  for (const [filter, passes] of cases) {
    await t.step(filter || "(empty)", () => {
      assert.equal(runFilter(filter, isRunField)((field) => runField(run, field)), passes);
    });
  }
});

Deno.test("text that is no filter is refused", async (t) => {
  const wrong = [
    "RunId",
    "RunId eq",
    "RunId is r1",
    "(RunId eq r1",
    "RunId eq r1)",
    "RunId eq r1 RunId eq r2",
    "and",
  ];
  for (const filter of [...wrong, "Colour eq red", 'Tags/k eq "open']) {
    await t.step(filter, () => {
      assert.throws(() => runFilter(filter, isRunField), FilterSyntaxError);
    });
  }
});
