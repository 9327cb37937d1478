import assert from "node:assert/strict";
import { fakeTarget, unit } from "./fake_service.ts";

const told = (loss: readonly { field: string; change: string }[]) =>
  loss.map(({ field, change }) => `${field} ${change}`);

Deno.test("what a unit does not say and a run must have is told, and only then", async () => {
  const { display_name: _, experiment: __, ...bare } = unit({ status: null });
  const { target, service } = fakeTarget();
  service.twist = ({ name, body }, usual) => {
    // The service names a run after its id.
    if (name === "history.patchRunByName") Object.assign(body ?? {}, { displayName: "job-1-aaaa" });
    return usual();
  };
  const { run, loss } = await target.open(bare, null, null);
  assert.deepEqual(told(loss), ["experiment rewritten", "display_name rewritten"]);
  assert.deepEqual(told(await run.finish("d")), ["status rewritten"]);
  assert.equal(service.runs.get("job-1-aaaa")?.status, "Completed");
});

Deno.test("what an edit took away from a unit stays in the run, and is told", async () => {
  const { target, service } = fakeTarget();
  const whole = unit({ params: { lr: "0.1", k: "v" } });
  await (await target.open(whole, null, null)).run.finish("d");
  const found = (await target.find(["job-1-aaaa"])).get("job-1-aaaa") ?? null;
  const { mine: _, ...tags } = whole.tags ?? {};
  const edited = { ...whole, tags, params: { lr: "0.1" }, description: null };
  const { loss } = await target.open(edited, null, found);
  assert.deepEqual(told(loss), ["description rewritten", "tags.mine rewritten", "params.k rewritten"]);
  assert.deepEqual(service.runs.get("job-1-aaaa")?.parameters, { lr: "0.1", k: "v" });
});
