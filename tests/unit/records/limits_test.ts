import assert from "node:assert/strict";
import { limitOf, LIMITS } from "../../../src/records/limits.ts";
import { isReservedTag, lineageTags } from "../../../src/records/lineage_tags.ts";
import { job } from "../stages/samples.ts";

Deno.test("every limit is a number with a source", () => {
  for (const [world, { limits }] of Object.entries(LIMITS)) {
    for (const [name, { max, source }] of Object.entries(limits)) {
      assert.ok(max > 0, `${world} ${name}`);
      assert.ok(source.length > 5, `${world} ${name}`);
    }
  }
});

Deno.test("the limits that Azure ML documents", () => {
  const expected = {
    experiment: 256,
    display_name: 256,
    description: 5000,
    tags: 50,
    params: 200,
    metric_name: 255,
  } as const;
  for (const [name, max] of Object.entries(expected)) {
    assert.equal(LIMITS.azureml.limits[name as keyof typeof expected].max, max, name);
  }
  assert.equal(limitOf("mlflow", "param_value"), 6000);
});

Deno.test("lineage always fits: its names are short and few, and azml keeps them for itself", () => {
  const tags = lineageTags(job("a", { parent: "p", type: "pipeline" }));
  assert.ok(Object.keys(tags).length < limitOf("azureml", "tags") - 1);
  for (const name of Object.keys(tags)) {
    assert.ok(name.length <= limitOf("azureml", "tag_key"));
    assert.ok(isReservedTag(name));
  }
  assert.ok(isReservedTag("azml_digest"));
  assert.equal(isReservedTag("team"), false);
});

Deno.test("facts that a record has not got make no tag", () => {
  assert.deepEqual(lineageTags({ kind: "job", v: 1, id: "a", status: null, started_at: "" }), {
    original_job_id: "a",
    azml_source: "unknown",
  });
});
