import assert from "node:assert/strict";
import { textHash, TextMarks } from "../../../src/records/text_marks.ts";

Deno.test("marks are known of what was marked, and of nothing else, also after they grew", () => {
  const marks = new TextMarks();
  for (let i = 0; i < 50_000; i++) marks.set(`job_${i}`, i);
  for (let i = 0; i < 50_000; i++) assert.equal(marks.get(`job_${i}`), i);
  for (let i = 0; i < 50_000; i++) assert.ok(!marks.has(`other_${i}`), `other_${i} is not there`);
  assert.equal(marks.size, 50_000);
});

Deno.test("a mark can be set anew, by the text or by its hash", () => {
  const marks = new TextMarks();
  marks.set("a", 1);
  marks.set(textHash("a"), 2);
  assert.equal(marks.get("a"), 2);
  assert.equal(marks.size, 1);
});
