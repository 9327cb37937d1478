import assert from "node:assert/strict";
import fc from "fast-check";
import { isJsonObject } from "../../../src/records/json.ts";
import { parseServiceJson } from "../../../src/wire/service_json.ts";
import { JsonList } from "../../../src/mlflow/json_list.ts";

function read(text: string, cuts: readonly number[], key = "metrics") {
  const list = new JsonList(key);
  const items = [];
  let from = 0;
  for (const cut of [...cuts.map((one) => one % (text.length + 1)).sort((a, b) => a - b), text.length]) {
    items.push(...list.add(text.slice(from, cut)));
    from = cut;
  }
  return { items, rest: list.end() };
}

Deno.test("a list comes out the same however its text is cut", () => {
  const item = fc.oneof(
    fc.record({
      key: fc.string(),
      value: fc.double({ noNaN: true, noDefaultInfinity: true }),
      step: fc.integer(),
    }),
    fc.jsonValue({ noUnicodeString: false }),
  );
  const cuts = fc.array(fc.nat(), { maxLength: 20 });
  fc.assert(fc.property(fc.array(item), cuts, fc.string(), fc.boolean(), (list, cuts, token, pretty) => {
    const value = { metrics: list, next_page_token: token, more: { metrics: [1] } };
    const text = JSON.stringify(value, null, pretty ? 2 : 0);
    const answer = parseServiceJson(text);
    assert.ok(isJsonObject(answer));
    const { items, rest } = read(text, cuts);
    assert.deepEqual(items, answer["metrics"]);
    assert.deepEqual(rest, { ...answer, metrics: [] });
  }));
});

Deno.test("bare NaN and steps beyond 2^53 survive any cut", () => {
  const text = '{"metrics":[{"value":NaN,"step":1152921504606846977},{"value":-Infinity,"step":-3}]}';
  for (let cut = 0; cut < text.length; cut++) {
    assert.deepEqual(read(text, [cut]).items, [
      { value: "NaN", step: "1152921504606846977" },
      { value: "-Infinity", step: -3 },
    ]);
  }
});

Deno.test("an answer without the list has no items, and one that was cut short is an error", () => {
  assert.deepEqual(read("{}", []), { items: [], rest: {} });
  assert.throws(() => read('{"metrics":[{"a":1},{"a"', []), SyntaxError);
  assert.throws(() => read("[1]", []), SyntaxError);
});
