import assert from "node:assert/strict";
import { ofKind } from "../e2e/lab.ts";
import { writes } from "./access_log.ts";
import { assertSame, KINDS } from "./compare.ts";
import { outcomes, Pair } from "./pair.ts";
import { nameOf, ROUTES } from "./routes.ts";

for (const route of ROUTES) {
  Deno.test(`everything arrives ${nameOf(route)}, and a second time changes nothing`, async (test) => {
    await using pair = await Pair.start(route);
    const held = await pair.source.readBack();
    await pair.source.forget();

    await test.step("everything is created, and the source is only read", async () => {
      const { code, stdout, stderr } = await pair.move(route.by);
      assert.equal(code, 0, stderr);
      const { created = 0, ...others } = outcomes(stdout);
      assert.ok(created > 30, "runs of all kinds came");
      assert.deepEqual(others, {});
      assert.deepEqual((await pair.source.calls()).filter(writes), []);
    });

    const arrived = await pair.target.readBack();
    await test.step("MLflow's client reads from the target what the source held", () => {
      assertSame(held, arrived, route);
    });

    await test.step("verify finds no difference", async () => {
      // A target without logged models shows none, wherever their files went.
      const kinds = route.to.release === 2 ? KINDS.replace(/,?logged_model/, "") : KINDS;
      const line =
        `azml extract --kinds ${kinds} --deleted include --source $SOURCE | azml verify --target $TARGET`;
      const { code, stdout, stderr } = await pair.run(line);
      assert.equal(code, 0, stdout.split("\n").filter((one) => !one.includes('"="')).join("\n") + stderr);
    });

    await test.step("a second move writes nothing", async () => {
      await pair.target.forget();
      const { code, stdout, stderr } = await pair.move(route.by);
      assert.equal(code, 0, stderr);
      const receipts = ofKind(stdout, "receipt");
      assert.ok(receipts.length > 30);
      assert.deepEqual(receipts.filter(({ outcome }) => outcome !== "unchanged"), []);
      assert.deepEqual((await pair.target.calls()).filter(writes), []);
      assert.deepEqual(await pair.target.readBack(), arrived);
    });
  });
}
