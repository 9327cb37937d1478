import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { targetName } from "../../../src/records/target_name.ts";

const SOURCE = "azureml://subscriptions/S/resourceGroups/RG/workspaces/W";

/** The hash of a name, made another way. */
function hashOf(as: string, source: string, id: string): string {
  const bits = [...createHash("sha256").update(`${as}\n${source.toLowerCase()}\n${id}`).digest()]
    .map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const letters = "abcdefghijklmnopqrstuvwxyz234567";
  return Array.from({ length: 10 }, (_, i) => letters[parseInt(bits.slice(i * 5, i * 5 + 5), 2)]).join("");
}

Deno.test("a name is the slug of the id and ten letters of a hash", () => {
  const cases: [string, string][] = [
    ["calm_ball_x1", "calm_ball_x1"],
    ["has space#and%more", "has-space-and-more"],
    ["_hidden", "hidden"],
    ["--", "run"],
    ["", "run"],
    ["übung🎈", "bung-"],
  ];
  for (const [id, slug] of cases) {
    assert.equal(targetName("runs", SOURCE, id), `${slug}-${hashOf("runs", SOURCE, id)}`);
  }
});

Deno.test("case of the source counts for nothing; mode, source and id do", () => {
  const name = targetName("runs", SOURCE, "a");
  assert.equal(targetName("runs", SOURCE.toUpperCase(), "a"), name);
  const others = [
    targetName("jobs", SOURCE, "a"),
    targetName("runs", `${SOURCE}2`, "a"),
    targetName("runs", SOURCE, "A"),
    targetName("runs", null, "a"),
  ];
  assert.equal(new Set([name, ...others]).size, 5);
});

Deno.test("any id gives a name that every target takes", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 400 }), (id) => {
    assert.match(targetName("runs", SOURCE, id), /^[A-Za-z0-9][A-Za-z0-9_-]{0,254}$/);
  }));
});
