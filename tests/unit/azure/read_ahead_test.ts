import assert from "node:assert/strict";
import { each, readAhead, readListsAhead } from "../../../src/azure/read_ahead.ts";

const running = new AbortController().signal;

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

Deno.test("results come in the order of the inputs, whoever is done first", async () => {
  const gates = [1, 2, 3].map(() => Promise.withResolvers<void>());
  const work = async (n: number) => {
    await gates[n]?.promise;
    return n;
  };
  gates[2]?.resolve();
  gates[1]?.resolve();
  const results = all(readAhead(each([0, 1, 2]), 3, running, work));
  gates[0]?.resolve();
  assert.deepEqual(await results, [0, 1, 2]);
});

Deno.test("no more than the width is under way", async () => {
  let active = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++active);
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    active--;
  };
  await all(readAhead(each(Array(20).keys()), 3, running, work));
  assert.equal(most, 3);
});

Deno.test("results before a failure come out, then the failure", async () => {
  const seen: number[] = [];
  const work = (n: number) => n === 2 ? Promise.reject(new Error("two")) : Promise.resolve(n);
  await assert.rejects(async () => {
    for await (const n of readAhead(each([0, 1, 2, 3]), 2, running, work)) seen.push(n);
  }, /two/);
  assert.deepEqual(seen, [0, 1]);
});

Deno.test("nothing starts after an abort or after the consumer has stopped", async () => {
  const started: number[] = [];
  const work = (n: number) => {
    started.push(n);
    return Promise.resolve(n);
  };
  for await (const _ of readAhead(each([0, 1, 2, 3, 4]), 1, running, work)) break;
  assert.deepEqual(started, [0]);
  const stop = new AbortController();
  for await (const n of readAhead(each([5, 6, 7]), 1, stop.signal, work)) if (n === 5) stop.abort();
  assert.deepEqual(started, [0, 5]);
});

Deno.test("lists come one after the other, only their first items ahead", async () => {
  const read: string[] = [];
  async function* open(key: string) {
    for (const n of [1, 2]) {
      await Promise.resolve();
      read.push(`${key}${n}`);
      yield `${key}${n}`;
    }
  }
  const items = await all(readListsAhead(each(["a", "b"]), 2, running, open));
  assert.deepEqual(items, ["a1", "a2", "b1", "b2"]);
  assert.ok(read.indexOf("b1") < read.indexOf("a2"));
});
