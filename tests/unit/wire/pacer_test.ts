import assert from "node:assert/strict";
import { createPacer } from "../../../src/wire/pacer.ts";
import { fakeClock } from "./rig.ts";

Deno.test("only as many requests as the limit are under way, in the order they came", async () => {
  const pacer = createPacer({ clock: fakeClock(), start: 2, max: 4 });
  const first = await pacer.enter();
  await pacer.enter();
  const order: number[] = [];
  const third = pacer.enter().then(() => order.push(3));
  const fourth = pacer.enter().then(() => order.push(4));
  await Promise.resolve();
  assert.deepEqual(order, []);
  first.done("ok");
  first.done("ok");
  await third;
  assert.deepEqual(order, [3]);
  assert.equal(await Promise.race([fourth, Promise.resolve("waits")]), "waits");
});

Deno.test("throttled requests that were under way together halve the limit once; good answers raise it again", async () => {
  const pacer = createPacer({ clock: fakeClock(), start: 8, max: 9 });
  const leases = await Promise.all(Array.from({ length: 8 }, () => pacer.enter()));
  for (const lease of leases) lease.done("throttled");
  assert.equal(pacer.limit(), 4);
  (await pacer.enter()).done("throttled");
  assert.equal(pacer.limit(), 2);
  for (let good = 0; good < 2; good++) (await pacer.enter()).done("ok");
  assert.equal(pacer.limit(), 3);
  for (let good = 0; good < 100; good++) (await pacer.enter()).done("ok");
  assert.equal(pacer.limit(), 9);
});

Deno.test("the limit never falls below one", async () => {
  const pacer = createPacer({ clock: fakeClock(), start: 1, max: 4 });
  for (let bad = 0; bad < 3; bad++) (await pacer.enter()).done("throttled");
  assert.equal(pacer.limit(), 1);
});

Deno.test("a named wait holds back the next request, whoever sends it", async () => {
  const waits: number[] = [];
  const clock = fakeClock(waits);
  const pacer = createPacer({ clock, start: 4, max: 4 });
  (await pacer.enter()).done("throttled", 5000);
  await pacer.enter();
  assert.deepEqual(waits, [5000]);
  await pacer.enter();
  assert.deepEqual(waits, [5000]);
});

Deno.test("an abort leaves the line, and the place goes to the next", async () => {
  const pacer = createPacer({ clock: fakeClock(), start: 1, max: 1 });
  const lease = await pacer.enter();
  const aborter = new AbortController();
  const gone = pacer.enter(aborter.signal);
  const next = pacer.enter();
  aborter.abort(new Error("stop"));
  await assert.rejects(gone, /stop/);
  lease.done("ok");
  (await next).done("ok");
  await assert.rejects(pacer.enter(aborter.signal), /stop/);
});
