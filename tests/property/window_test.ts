import assert from "node:assert/strict";
import fc from "fast-check";
import { orderedWindow } from "../../src/stages/window.ts";

/** Lets `turns` rounds of the microtask queue pass: time without a clock. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await Promise.resolve();
}

async function* inputs(delays: readonly number[], seen: { read: number; closed: boolean }) {
  try {
    for (const delay of delays) {
      await turns(delay % 3);
      seen.read++;
      yield delay;
    }
  } finally {
    seen.closed = true;
  }
}

const delays = fc.array(fc.nat(20), { maxLength: 40 });
const concurrency = fc.integer({ min: 1, max: 8 });

Deno.test("an ordered window emits every result in the order of the input, whatever each takes", async () => {
  await fc.assert(fc.asyncProperty(delays, concurrency, fc.nat(5), async (work, atOnce, consumer) => {
    const seen = { read: 0, closed: false };
    let running = 0;
    let most = 0;
    const emitted: number[] = [];
    const window = orderedWindow(inputs(work, seen), atOnce, async (delay) => {
      most = Math.max(most, ++running);
      await turns(delay);
      running--;
      return delay * 2;
    });
    for await (const result of window) {
      emitted.push(result);
      await turns(consumer);
    }
    assert.deepEqual(emitted, work.map((delay) => delay * 2));
    assert.ok(most <= atOnce, `${most} ran at once`);
    assert.equal(running, 0);
    assert.equal(seen.closed, true);
  }));
});

Deno.test("results that wait for their turn weigh at most the bound and what was under way", async () => {
  await fc.assert(
    fc.asyncProperty(delays, concurrency, fc.integer({ min: 1, max: 50 }), async (work, atOnce, bound) => {
      const weight = 7;
      let waiting = 0;
      let most = 0;
      const options = { weigh: () => weight, readAheadBytes: bound };
      const window = orderedWindow(inputs(work, { read: 0, closed: false }), atOnce, async (delay) => {
        await turns(delay);
        most = Math.max(most, waiting += weight);
      }, options);
      for await (const _ of window) {
        waiting -= weight;
        await turns(30);
      }
      // One more: what the consumer has in hand has left the window and is not yet taken off here.
      assert.ok(most < bound + (atOnce + 1) * weight, `${most} waited`);
    }),
  );
});

Deno.test("once their weight is known, results under way count against the bound too", async () => {
  await fc.assert(
    fc.asyncProperty(delays, concurrency, fc.integer({ min: 1, max: 50 }), async (work, atOnce, bound) => {
      const weight = 7;
      let running = 0;
      let known = false;
      let most = 0;
      const options = { weigh: () => weight, readAheadBytes: bound };
      const window = orderedWindow(inputs(work, { read: 0, closed: false }), atOnce, async (delay) => {
        running++;
        if (known) most = Math.max(most, running);
        await turns(delay);
        running--;
      }, options);
      for await (const _ of window) {
        await turns(30);
        known = running === 0;
      }
      const allowed = Math.max(1, Math.ceil(bound / weight));
      assert.ok(most <= allowed, `${most} ran at once, ${allowed} at most fit`);
    }),
  );
});

Deno.test("the first failure in order comes after the results before it and after all work has settled", async () => {
  await fc.assert(fc.asyncProperty(
    fc.array(fc.record({ delay: fc.nat(20), fails: fc.boolean() }), { minLength: 1, maxLength: 30 }),
    concurrency,
    async (work, atOnce) => {
      const indices = work.map((_, index) => index);
      const firstFailure = work.findIndex(({ fails }) => fails);
      let running = 0;
      const emitted: number[] = [];
      const window = orderedWindow(inputs(indices, { read: 0, closed: false }), atOnce, async (index) => {
        running++;
        await turns(work[index]?.delay ?? 0);
        running--;
        if (work[index]?.fails) throw new Error(`work ${index}`);
        return index;
      });
      const consume = async () => {
        for await (const index of window) emitted.push(index);
      };
      if (firstFailure < 0) {
        await consume();
        assert.deepEqual(emitted, indices);
        return;
      }
      await assert.rejects(consume(), (error) => {
        assert.equal(running, 0);
        assert.equal(String(error), `Error: work ${firstFailure}`);
        return true;
      });
      assert.deepEqual(emitted, indices.slice(0, emitted.length));
      assert.equal(emitted.length, firstFailure);
    },
  ));
});

Deno.test("when the consumer stops, nothing new starts, work under way is told and waited for", async () => {
  await fc.assert(fc.asyncProperty(delays, concurrency, fc.nat(10), async (work, atOnce, stopAfter) => {
    const seen = { read: 0, closed: false };
    let running = 0;
    let started = 0;
    const signals: AbortSignal[] = [];
    const window = orderedWindow(inputs(work, seen), atOnce, async (delay, signal) => {
      started++;
      running++;
      signals.push(signal);
      await turns(delay);
      running--;
    });
    let taken = 0;
    for await (const _ of window) if (++taken > stopAfter) break;
    const startedThen = started;
    assert.equal(running, 0);
    await turns(60);
    assert.equal(started, startedThen);
    assert.ok(seen.closed);
    if (taken > stopAfter) assert.ok(signals.every((signal) => signal.aborted));
    assert.ok(started <= taken + 2 * atOnce, `${started} started for ${taken} taken`);
  }));
});

Deno.test("when the signal aborts, what is under way is emitted and the window ends", async () => {
  await fc.assert(fc.asyncProperty(delays, concurrency, fc.nat(10), async (work, atOnce, abortAt) => {
    const control = new AbortController();
    let started = 0;
    let startedAtAbort = work.length;
    const window = orderedWindow(inputs(work, { read: 0, closed: false }), atOnce, async (delay) => {
      started++;
      await turns(delay);
      return delay;
    }, { signal: control.signal });
    const emitted: number[] = [];
    for await (const result of window) {
      emitted.push(result);
      if (emitted.length === abortAt) {
        control.abort();
        startedAtAbort = started;
      }
    }
    assert.equal(started, Math.min(startedAtAbort, work.length));
    assert.deepEqual(emitted, work.slice(0, started));
  }));
});

Deno.test("a failing input is thrown behind the results of what it gave", async () => {
  async function* failing() {
    yield 1;
    yield 2;
    await turns(1);
    throw new Error("listing broke");
  }
  const emitted: number[] = [];
  await assert.rejects(async () => {
    for await (const result of orderedWindow(failing(), 4, (n) => Promise.resolve(n))) emitted.push(result);
  }, /listing broke/);
  assert.deepEqual(emitted, [1, 2]);
});

Deno.test("an aborted window does not wait for an input that stays silent", async () => {
  const control = new AbortController();
  const silent: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise(() => {}),
      return: () => new Promise(() => {}),
    }),
  };
  const window = orderedWindow(silent, 2, (n) => Promise.resolve(n), { signal: control.signal });
  const first = window.next();
  control.abort();
  assert.deepEqual(await first, { done: true, value: undefined });
});

Deno.test("work that throws before it returns a promise counts as failed", async () => {
  async function* one() {
    yield 1;
  }
  const window = orderedWindow(one(), 1, () => {
    throw new Error("at once");
  });
  await assert.rejects(window.next(), /at once/);
});
