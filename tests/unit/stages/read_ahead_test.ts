import assert from "node:assert/strict";
import { ReadAhead } from "../../../src/stages/read_ahead.ts";

const BOUNDS = { entries: 4, weight: 1000 };

/** Gives one entry a batch and notes how far it was read. */
function counted(count: number) {
  const read = { entries: 0, closed: false };
  async function* input() {
    try {
      for (let i = 0; i < count; i++) {
        read.entries++;
        yield [i];
      }
    } finally {
      read.closed = true;
    }
  }
  return { read, input: input() };
}

/** Lets everything that is ready happen. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

Deno.test("what came while the reader was busy is handed over at once, within the bounds", async () => {
  const { input, read } = counted(10);
  const ahead = new ReadAhead(input, BOUNDS, () => 1);
  assert.deepEqual(await ahead.next(), [0], "the first one does not wait for others");
  await settled();
  assert.equal(read.entries, 5);
  assert.deepEqual(await ahead.next(), [1, 2, 3, 4]);
  await settled();
  assert.deepEqual(await ahead.next(), [5, 6, 7, 8]);
  await settled();
  assert.deepEqual(await ahead.next(), [9]);
  assert.equal(await ahead.next(), null);
});

Deno.test("weight bounds it as well", async () => {
  const { input, read } = counted(10);
  const ahead = new ReadAhead(input, BOUNDS, () => 600);
  await ahead.next();
  await settled();
  assert.equal(read.entries, 3);
  assert.deepEqual(await ahead.close(), [1, 2], "what was read and not handed over is told");
  assert.equal(read.closed, true);
});

Deno.test("what the input throws comes after what it gave", async () => {
  async function* input() {
    yield [1];
    throw new Error("broken");
  }
  const ahead = new ReadAhead(input(), BOUNDS, () => 1);
  assert.deepEqual(await ahead.next(), [1]);
  await assert.rejects(ahead.next(), /broken/);
  assert.deepEqual(await ahead.close(), []);
});

Deno.test("closing does not wait for a silent input", async () => {
  const silence = Promise.withResolvers<void>();
  async function* input() {
    yield [1];
    await silence.promise;
  }
  const ahead = new ReadAhead(input(), BOUNDS, () => 1);
  await ahead.next();
  const waiting = ahead.next();
  assert.deepEqual(await ahead.close(), []);
  assert.equal(await waiting, null);
  silence.resolve();
});
