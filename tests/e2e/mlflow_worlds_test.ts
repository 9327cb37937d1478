import assert from "node:assert/strict";
import { startMlflow } from "../mlflow/start.ts";
import { countBy, Lab, ofKind } from "./lab.ts";

/** Files of the sample that no MLflow server takes: `#`, and `%` with two hex digits. */
const NOT_TAKEN = ["outputs/Größe #1/50% fertig.txt", "outputs/percent%20literal.txt"];

Deno.test("a workspace goes to an MLflow server and on to another workspace; every step agrees but for what was told", async () => {
  const lab = await Lab.start({ targets: 1 });
  const server = await startMlflow({ version: "2.22.5" });
  try {
    const { config } = lab.target();
    const out = await lab.run(`azml extract --source a.json > all.ndjson`);
    assert.equal(out.code, 0, out.stderr);
    const jobs = ofKind(await lab.shell.read("all.ndjson"), "job").length;

    const there = await lab.run(
      `azml submit --source a.json --target ${server.url} < all.ndjson > there.ndjson`,
    );
    assert.equal(there.code, 3, there.stderr);
    const receipts = await lab.shell.read("there.ndjson");
    assert.deepEqual(countBy(receipts, "receipt", "outcome"), { created: jobs });
    const failed = ofKind(receipts, "receipt").flatMap(({ artifacts }) =>
      Object(artifacts).failed.map(({ path }: { path: string }) => path)
    );
    assert.deepEqual(failed.sort(), NOT_TAKEN);

    const verified = await lab.run(
      `azml verify --target ${server.url} --receipts there.ndjson < all.ndjson`,
    );
    assert.deepEqual(countBy(verified.stdout, "diff", "symbol"), { "=": jobs - 1, "*": 1 }, verified.stdout);
    const [differs] = ofKind(verified.stdout, "diff").filter(({ symbol }) => symbol === "*");
    const fields = Object(differs?.["fields"]).map(({ field }: { field: string }) => field);
    assert.deepEqual(fields.sort(), NOT_TAKEN.map((path) => `artifacts.${path}`));

    const back = await lab.run(
      `azml extract --source ${server.url} --kinds job > there_again.ndjson; ` +
        `azml submit --source ${server.url} --target ${config} < there_again.ndjson > back.ndjson`,
    );
    assert.equal(back.code, 0, back.stderr);
    assert.deepEqual(countBy(await lab.shell.read("back.ndjson"), "receipt", "outcome"), { created: jobs });
    const agrees = await lab.run(
      `azml verify --target ${config} --receipts back.ndjson < there_again.ndjson`,
    );
    assert.equal(agrees.code, 0, agrees.stdout);
    assert.deepEqual(countBy(agrees.stdout, "diff", "symbol"), { "=": jobs });
  } finally {
    await server.stop();
    await lab.stop();
  }
});
