import assert from "node:assert/strict";
import { nameFilter, tagFilter } from "../../../src/mlflow/registry_filter.ts";

Deno.test("a model's name is quoted by the kind of quote that it does not hold", () => {
  assert.deepEqual(nameFilter("a, b/ü"), { filter: "name = 'a, b/ü'", isLoose: false });
  assert.deepEqual(nameFilter("O'Brien"), { filter: `name = "O'Brien"`, isLoose: false });
});

Deno.test("a name with both kinds of quotes is asked for by a pattern, and said to be loose", () => {
  assert.deepEqual(nameFilter(`it's "x"`), { filter: "name LIKE 'it_s _x_'", isLoose: true });
});

Deno.test("a value that no filter can hold has none", () => {
  assert.equal(tagFilter("azml_source", "mlflow+http://h"), "tags.`azml_source` = 'mlflow+http://h'");
  assert.equal(tagFilter("azml_source", `'"`), null);
});
