import assert from "node:assert/strict";
import { excerpt, EXCERPT_CHARS } from "../../../src/records/excerpt.ts";

const shown: readonly [what: string, line: string, at: number, text: string | null][] = [
  ["a short line whole", '{"kind":"job",}', 14, '{"kind":"job",}'],
  ["the place in a long line", `{"a":[${"1, ".repeat(50)}x]}`, 156, "1, 1, 1, 1, 1, 1, 1, x]}"],
  ["no long run", `"${"ab1".repeat(20)}" : }`, 63, '…" : }'],
  ["control characters as spaces", '{"a":"b\u0001\u001b[31m"}', 7, '{"a":"b  [31m"}'],
  ["nothing of an empty line", "", 0, null],
  ["nothing near a password", '{"password":"hunter2",}', 22, null],
  ["nothing far behind a token", `{"token":"${"a ".repeat(60)}",}`, 132, null],
  ["nothing before a secret", `{,"x":"hunter2","is":"secret"}`, 1, null],
];

for (const [what, line, at, text] of shown) {
  Deno.test(`shows ${what}`, () => {
    const found = excerpt(line, at);
    assert.equal(found, text);
    assert.ok((found ?? "").length <= EXCERPT_CHARS);
  });
}

Deno.test("never shows a part of a long run, wherever the window falls", () => {
  const run = "Zm9vYmFyU2VjcmV0MTIzNDU2Nzg5";
  const line = `{"x":"${" ".repeat(30)}${run}${" ".repeat(30)}"}`;
  for (let at = 0; at < line.length; at++) {
    assert.doesNotMatch(excerpt(line, at) ?? "", /[A-Za-z0-9]{4}/, `at ${at}`);
  }
});
