import assert from "node:assert/strict";
import fc from "fast-check";
import type { Item } from "../../src/records/item.ts";
import { readItems } from "../../src/records/ndjson_read.ts";
import { encodeItem } from "../../src/records/ndjson_write.ts";

async function read(chunks: readonly Uint8Array[], lineCap: number): Promise<Item[]> {
  async function* source(): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks) {
      // The reader may not rely on a chunk after it asked for the next one.
      const own = chunk.slice();
      yield await Promise.resolve(own);
      own.fill(0x21);
    }
  }
  const items: Item[] = [];
  for await (const batch of readItems(source(), "test", { lineCap })) items.push(...batch);
  return items;
}

function split(data: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [...new Set(cuts.map((cut) => cut % (data.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((from, i) => data.subarray(from, places[i] ?? data.length));
}

const record = fc.record({ kind: fc.string({ unit: "grapheme" }), value: fc.jsonValue() }).map((one) =>
  JSON.stringify(one)
);

/** Lines of every sort: records, long integers, text, raw bytes, blanks, marks. */
const line = fc.oneof(
  record.map((text) => new TextEncoder().encode(text)),
  fc.bigInt().map((n) => new TextEncoder().encode(`{"kind":"n","n":${n}}`)),
  fc.string({ unit: "binary" }).map((text) => new TextEncoder().encode(text)),
  fc.uint8Array({ maxLength: 20 }),
  fc.constantFrom("", "\r", "\ufeff", " \t", "\ufeff{}", "{", "é", "😀").map((text) =>
    new TextEncoder().encode(text)
  ),
);

const stream = fc.array(fc.tuple(line, fc.constantFrom("\n", "\r\n")), { maxLength: 12 }).chain((lines) =>
  fc.boolean().map((whole) => {
    const bytes = lines.flatMap(([one, end]) => [...one, ...new TextEncoder().encode(end)]);
    return Uint8Array.from(whole ? bytes : bytes.slice(0, -1));
  })
);

Deno.test("any split of any bytes gives the same items as one chunk", async () => {
  await fc.assert(
    fc.asyncProperty(
      stream,
      fc.array(fc.nat({ max: 4000 }), { maxLength: 20 }),
      fc.constantFrom(5, 30, 1 << 20),
      async (
        data,
        cuts,
        cap,
      ) => {
        assert.deepEqual(await read(split(data, cuts), cap), await read([data], cap));
      },
    ),
    { numRuns: 300 },
  );
});

Deno.test("no line is lost and none counted twice: an item for each line that is not blank", async () => {
  await fc.assert(
    fc.asyncProperty(stream, async (data) => {
      const items = await read([data], 1 << 20);
      const lines: number[] = [];
      let number = 1;
      let from = 0;
      while (from < data.length) {
        const end = data.indexOf(0x0a, from);
        const to = end < 0 ? data.length : end;
        const text = new TextDecoder().decode(data.subarray(from, to));
        if (text.trim() !== "") lines.push(number);
        from = to + 1;
        number += 1;
      }
      assert.deepEqual(items.map((item) => item.line), lines);
    }),
    { numRuns: 200 },
  );
});

Deno.test("untouched lines are written as they were read", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(record), async (records) => {
      const text = records.map((one) => one + "\n").join("");
      const items = await read([new TextEncoder().encode(text)], 1 << 20);
      assert.equal(items.map((item) => encodeItem(item) + "\n").join(""), text);
    }),
    { numRuns: 200 },
  );
});

Deno.test("what is written once changes no more when it is read and written again", async () => {
  const wild = fc.dictionary(
    fc.string({ unit: "binary" }),
    fc.oneof(fc.double(), fc.bigInt(), fc.string(), fc.jsonValue()),
  );
  await fc.assert(
    fc.asyncProperty(wild, async (value) => {
      const once = encodeItem({ record: { kind: "a", value } });
      const [item] = await read([new TextEncoder().encode(once)], 1 << 20);
      assert.ok(item !== undefined && item.bad === undefined);
      assert.equal(encodeItem({ record: item.record }), once);
    }),
    { numRuns: 300 },
  );
});
