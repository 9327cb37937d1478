import assert from "node:assert/strict";
import { assertArrived } from "./arrived.ts";
import { countBy, Lab, ofKind } from "./lab.ts";

let lab: Lab;
Deno.test.beforeAll(async () => {
  lab = await Lab.start({ targets: 1 });
  const { code, stderr } = await lab.run("azml extract --archived include --source a.json > all.ndjson");
  assert.equal(code, 0, stderr);
});
Deno.test.afterAll(() => lab.stop());

Deno.test("submit to the workspace that the records come from sends nothing, and ends with 2", async () => {
  lab.emulator.forgetRequests();
  const { code, stderr } = await lab.run("azml submit --target a.json < all.ndjson");
  assert.equal(code, 2, stderr);
  assert.match(stderr, /the target is where these records come from/);
  assert.match(stderr, /--experiment-prefix/);
  assert.deepEqual(lab.emulator.requests().filter(({ effect }) => effect === "write"), []);
});

Deno.test("two submits at once: each run has one writer, the codes tell, and a third run heals what failed", async () => {
  const { state, config } = lab.target();
  const submit = `azml submit --target ${config} < all.ndjson`;
  lab.emulator.settings.latencyMs = 60;
  // Both have looked before either writes.
  lab.emulator.fault({ match: "history.batchrundata", action: { kind: "delay", ms: 2500 } });
  const both = await lab.run(
    `(${submit} > one.ndjson; echo $? > one.code) & (${submit} > two.ndjson; echo $? > two.code) & wait`,
  );
  lab.emulator.clearFaults();
  lab.emulator.settings.latencyMs = 0;
  assert.equal(both.code, 0, both.stderr);
  let lost = 0;
  for (const name of ["one", "two"]) {
    const receipts = await lab.shell.read(`${name}.ndjson`);
    const code = (await lab.shell.read(`${name}.code`)).trim();
    const { failed = 0 } = countBy(receipts, "receipt", "outcome");
    assert.equal(code, failed > 0 ? "3" : "0", name);
    const reasons = new Set(ofKind(receipts, "receipt").map(({ reason }) => reason));
    for (const reason of reasons) assert.match(String(reason), /^(undefined|two_writers|parent_failed)$/);
    lost += failed;
  }
  assert.ok(lost > 0, "they got in each other's way");
  const third = await lab.run(submit);
  assert.equal(third.code, 0, third.stderr);
  await assertArrived(lab.source, state);
});
