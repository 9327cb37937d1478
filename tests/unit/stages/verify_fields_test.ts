import assert from "node:assert/strict";
import { verifyFields } from "../../../src/stages/verify_fields.ts";
import { unit } from "../azure/fake_service.ts";

const STATUSES = [
  { said: null, held: "Completed", differs: false },
  { said: null, held: "Failed", differs: true },
  { said: "Failed", held: "Failed", differs: false },
  { said: "Failed", held: "Completed", differs: true },
] as const;

for (const { said, held, differs } of STATUSES) {
  Deno.test(`status ${said} of a unit and ${held} in the target ${differs ? "differ" : "agree"}`, () => {
    const { display_name = null, description = null, tags = null, params = null } = unit();
    const there = {
      kind: "job",
      v: 1,
      id: "x",
      experiment: "churn",
      display_name,
      description,
      tags,
      params,
    } as const;
    const { times: _, ...given } = unit({ status: said });
    const diffs = verifyFields(given, { ...there, status: held });
    assert.deepEqual(diffs.map(({ field }) => field), differs ? ["status"] : []);
  });
}
