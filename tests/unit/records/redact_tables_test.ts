import assert from "node:assert/strict";
import { redactTables } from "../../../src/records/redact_tables.ts";

const X = "<redacted>";
const S = "Zm9vYmFyU2VjcmV0MTIz";

Deno.test("the texts of tables lose their secrets, the paths of artifacts do not change", () => {
  const { value, redacted } = redactTables([
    { name: "plain", type: null, rows: [{ token: "the" }], artifact: `a?sig=${S}` },
    {
      name: `n?sig=${S}`,
      type: null,
      rows: [{ url: `?sig=${S}`, n: 1 }, { url: "none" }, { url: `?sig=${S}`, [`?sig=${S}`]: 1 }],
      columns: { [`?sig=${S}`]: "String" },
      artifact: `b?sig=${S}`,
    },
  ]);
  assert.deepEqual(value, [
    { name: "plain", type: null, rows: [{ token: "the" }], artifact: `a?sig=${S}` },
    {
      name: `n?sig=${X}`,
      type: null,
      rows: [{ url: `?sig=${X}`, n: 1 }, { url: "none" }, { url: `?sig=${X}`, [`?sig=${X}`]: 1 }],
      columns: { [`?sig=${X}`]: "String" },
      artifact: `b?sig=${S}`,
    },
  ]);
  assert.deepEqual(redacted, [
    "tables.1.name",
    "tables.1.rows.*.url",
    `tables.1.rows.*.?sig=${X}`,
    `tables.1.columns.?sig=${X}`,
  ]);
});

Deno.test("tables without secrets stay the very same", () => {
  const table = { name: "words", type: null, rows: [{ password: "a word" }] };
  const { value, redacted } = redactTables([table]);
  assert.equal(value[0], table);
  assert.deepEqual(redacted, []);
});
