import assert from "node:assert/strict";
import { metricNumber } from "../../../src/azure/metric_value.ts";

Deno.test("metric values survive as numbers or as the words for what JSON has not got", () => {
  const cases: readonly [string | number | boolean | null, string | number | null][] = [
    [1.5, 1.5],
    [0, 0],
    ["NaN", "NaN"],
    ["nan", "NaN"],
    ["Infinity", "Infinity"],
    ["-inf", "-Infinity"],
    ["12", 12],
    ["-1.5e-3", -0.0015],
    ["9007199254740993", "9007199254740993"],
    ["good", null],
    ["", null],
    [true, null],
    [null, null],
  ];
  for (const [given, expected] of cases) assert.equal(metricNumber(given), expected, `${given}`);
});
