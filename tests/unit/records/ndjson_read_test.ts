import assert from "node:assert/strict";
import type { Item } from "../../../src/records/item.ts";
import { readItems } from "../../../src/records/ndjson_read.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

async function* chunksOf(...chunks: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield await Promise.resolve(typeof chunk === "string" ? bytes(chunk) : chunk);
}

async function read(chunks: AsyncIterable<Uint8Array>, lineCap?: number): Promise<Item[]> {
  const items: Item[] = [];
  for await (const batch of readItems(chunks, "plan", lineCap === undefined ? {} : { lineCap })) {
    items.push(...batch);
  }
  return items;
}

const good: readonly { what: string; chunks: (string | Uint8Array)[]; raws: string[]; lines: number[] }[] = [
  { what: "nothing", chunks: [], raws: [], lines: [] },
  { what: "one line", chunks: ['{"kind":"a"}\n'], raws: ['{"kind":"a"}'], lines: [1] },
  { what: "a last line without newline", chunks: ['{"kind":"a"}'], raws: ['{"kind":"a"}'], lines: [1] },
  {
    what: "CRLF and blank lines",
    chunks: ['\r\n{"kind":"a"}\r\n  \t\n\n{"kind":"b"}\r\n'],
    raws: ['{"kind":"a"}', '{"kind":"b"}'],
    lines: [2, 5],
  },
  { what: "CR before the end of the input", chunks: ['{"kind":"a"}\r'], raws: ['{"kind":"a"}'], lines: [1] },
  {
    what: "a BOM in front of each of two joined files",
    chunks: ['\ufeff{"kind":"a"}\n\ufeff{"kind":"b"}\n'],
    raws: ['{"kind":"a"}', '{"kind":"b"}'],
    lines: [1, 2],
  },
  {
    what: "a cut inside a UTF-8 sequence",
    chunks: [bytes('{"kind":"é😀"}').subarray(0, 10), bytes('{"kind":"é😀"}').subarray(10), "\n"],
    raws: ['{"kind":"é😀"}'],
    lines: [1],
  },
  {
    what: "spaces around a record",
    chunks: [' {"kind" : "a"} \n'],
    raws: [' {"kind" : "a"} '],
    lines: [1],
  },
];

for (const { what, chunks, raws, lines } of good) {
  Deno.test(`reads ${what}`, async () => {
    const items = await read(chunksOf(...chunks));
    assert.deepEqual(items.map((item) => item.raw), raws);
    assert.deepEqual(items.map((item) => item.line), lines);
    assert.ok(items.every((item) => item.bad === undefined));
  });
}

const bad: readonly { what: string; line: string | Uint8Array; code: string; says: RegExp; hint: RegExp }[] =
  [
    {
      what: "text",
      line: "hello",
      code: "bad_json",
      says: /line 2 is not JSON, column 1.*near: hello/,
      hint: /NDJSON/,
    },
    {
      what: "a cut record",
      line: '{"kind":"jo',
      code: "bad_json",
      says: /ends inside a string: it was cut short/,
      hint: /broke off/,
    },
    { what: "NaN", line: '{"kind":"a","x":NaN}', code: "bad_json", says: /column 17: NaN/, hint: /"NaN"/ },
    { what: "pretty-printed JSON", line: "{", code: "bad_json", says: /column 2/, hint: /jq -c/ },
    {
      what: "two records",
      line: '{"kind":"a"}{"kind":"b"}',
      code: "bad_json",
      says: /column 13/,
      hint: /NDJSON/,
    },
    { what: "an array", line: "[1]", code: "not_a_record", says: /it is an array/, hint: /NDJSON/ },
    { what: "a number", line: "7", code: "not_a_record", says: /it is a number/, hint: /NDJSON/ },
    { what: "null", line: "null", code: "not_a_record", says: /it is null/, hint: /NDJSON/ },
    { what: "no kind", line: '{"a":1}', code: "not_a_record", says: /it has no "kind"/, hint: /NDJSON/ },
    {
      what: "a kind that is no text",
      line: '{"kind":1}',
      code: "not_a_record",
      says: /"kind" is no string/,
      hint: /./,
    },
    {
      what: "a wrong byte behind a true U+FFFD",
      line: Uint8Array.of(0xef, 0xbf, 0xbd, 0x61, 0xff, 0x62),
      code: "bad_utf8",
      says: /line 2 is not UTF-8 from its byte 5 on/,
      hint: /UTF-8/,
    },
    {
      what: "UTF-16",
      line: Uint8Array.of(0xff, 0xfe, 0x7b, 0),
      code: "bad_utf8",
      says: /byte 1/,
      hint: /PowerShell/,
    },
    { what: "UTF-16 without a mark", line: '{\0"\0', code: "bad_json", says: /column 2/, hint: /PowerShell/ },
  ];

for (const { what, line, code, says, hint } of bad) {
  Deno.test(`a line that is ${what} becomes one error and the stream goes on`, async () => {
    const [before, error, after, ...more] = await read(chunksOf('{"kind":"a"}\n', line, '\n{"kind":"b"}\n'));
    assert.equal(before?.record.kind, "a");
    assert.equal(after?.record.kind, "b");
    assert.equal(after.line, 3);
    assert.deepEqual(more, []);
    assert.equal(error?.bad, true);
    assert.equal(error.raw, undefined);
    const { kind, v, stage, message, retryable, ...rest } = error.record;
    assert.deepEqual({ kind, v, stage, retryable, line: rest["line"], code: rest["code"] }, {
      kind: "error",
      v: 1,
      stage: "plan",
      retryable: false,
      line: 2,
      code,
    });
    assert.match(String(message), says);
    assert.match(String(rest["hint"]), hint);
  });
}

Deno.test("a line above the cap is left out without being held, in one piece or in many", async () => {
  const long = `{"kind":"${"x".repeat(50)}"}`;
  const whole = `{"kind":"a"}\n${long}\n{"kind":"b"}\n${long}`;
  for (const size of [1, 7, 1000]) {
    const data = bytes(whole);
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < data.length; at += size) pieces.push(data.subarray(at, at + size));
    const items = await read(chunksOf(...pieces), 40);
    assert.deepEqual(items.map((item) => item.record["code"] ?? item.record.kind), [
      "a",
      "line_too_long",
      "b",
      "line_too_long",
    ], `pieces of ${size}`);
    assert.deepEqual(items.map((item) => item.line), [1, 2, 3, 4]);
    assert.match(String(items[1]?.record["message"]), /line 2 is 61 bytes long, more than the 40/);
  }
});

Deno.test("a line of exactly the cap is read, one byte more is not", async () => {
  const line = '{"kind":"abc"}';
  assert.equal((await read(chunksOf(line + "\n"), line.length))[0]?.raw, line);
  assert.equal((await read(chunksOf(line + "\n"), line.length - 1))[0]?.record["code"], "line_too_long");
});

Deno.test("a line of gigabytes passes in bounded memory", async () => {
  const chunk = new Uint8Array(1 << 20).fill(0x61);
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (let i = 0; i < 2048; i++) yield await Promise.resolve(chunk);
    yield bytes('\n{"kind":"a"}\n');
  }
  const before = Deno.memoryUsage().rss;
  const items = await read(endless(), 4 << 20);
  assert.deepEqual(items.map((item) => item.record["code"] ?? item.record.kind), ["line_too_long", "a"]);
  const grown = Deno.memoryUsage().rss - before;
  assert.ok(grown < 100 * 1024 * 1024, `memory grew by ${grown} bytes`);
});

Deno.test("whole numbers beyond 2^53 keep their digits as strings, all others stay numbers", async () => {
  const line = '{"kind":"a","big":12345678901234567890,"neg":-9007199254740993,"safe":9007199254740991,' +
    '"fraction":0.12345678901234567,"power":1e20,"text":"12345678901234567890","list":[1,98765432109876543210]}';
  const [item] = await read(chunksOf(line));
  assert.deepEqual(item?.record, {
    kind: "a",
    big: "12345678901234567890",
    neg: "-9007199254740993",
    safe: 9007199254740991,
    fraction: 0.12345678901234567,
    power: 1e20,
    text: "12345678901234567890",
    list: [1, "98765432109876543210"],
  });
  assert.equal(item.raw, line);
});

Deno.test("an error tells nothing of a secret near the fault", async () => {
  const lines = [
    '{"kind":"job","password":"hunter2",}',
    '{"kind":"job","token":"abc","x":}',
    `{"kind":"job","x":"${"Zm9vYmFy".repeat(8)}" "y"}`,
    `{"a":"https://acct.blob.core.windows.net/c/x?sv=1&sig=Zm9vYmFyZm9v%3D", oops}`,
  ];
  for (const line of lines) {
    const [item] = await read(chunksOf(line));
    assert.equal(item?.record["code"], "bad_json");
    assert.doesNotMatch(JSON.stringify(item.record), /hunter2|abc|Zm9vYmFy/);
  }
});

Deno.test("records flow before the input has ended", async () => {
  const gate = Promise.withResolvers<void>();
  async function* slow(): AsyncGenerator<Uint8Array> {
    yield bytes('{"kind":"a"}\n{"ki');
    await gate.promise;
    yield bytes('nd":"b"}\n');
  }
  const items = readItems(slow(), "plan");
  assert.equal((await items.next()).value?.[0]?.record.kind, "a");
  gate.resolve();
  assert.equal((await items.next()).value?.[0]?.record.kind, "b");
  assert.equal((await items.next()).done, true);
});
