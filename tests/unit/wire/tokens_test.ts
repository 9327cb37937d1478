import assert from "node:assert/strict";
import { createTokens } from "../../../src/wire/tokens.ts";
import { fakeClock } from "./rig.ts";

const HOUR = 3_600_000;

function counting(life = HOUR) {
  const asked: string[] = [];
  const clock = fakeClock();
  const tokens = createTokens((resource, tenant) => {
    asked.push(`${tenant}/${resource}`);
    return Promise.resolve({ token: `t${asked.length}`, expiresOn: clock.now() + life });
  }, clock);
  return { asked, clock, tokens };
}

Deno.test("a token is asked for once by resource and tenant, also when many want it at a time", async () => {
  const { asked, tokens } = counting();
  const many = await Promise.all(Array.from({ length: 5 }, () => tokens.get("arm", "a")));
  assert.deepEqual(new Set(many.map((token) => token.token)), new Set(["t1"]));
  await tokens.get("ml", "a");
  await tokens.get("arm", "b");
  await tokens.get("arm", "a");
  assert.deepEqual(asked, ["a/arm", "a/ml", "b/arm"]);
});

Deno.test("a token is renewed shortly before it ends, a short-lived one at half its life", async () => {
  const long = counting();
  await long.tokens.get("arm", null);
  long.clock.advance(HOUR - 6 * 60_000);
  assert.equal((await long.tokens.get("arm", null)).token, "t1");
  long.clock.advance(2 * 60_000);
  assert.equal((await long.tokens.get("arm", null)).token, "t2");
  const short = counting(60_000);
  await short.tokens.get("arm", null);
  short.clock.advance(29_000);
  assert.equal((await short.tokens.get("arm", null)).token, "t1");
  short.clock.advance(2_000);
  assert.equal((await short.tokens.get("arm", null)).token, "t2");
});

Deno.test("only the token that was refused is forgotten", async () => {
  const { tokens } = counting();
  await tokens.get("arm", null);
  tokens.forget("arm", null, "an older one");
  assert.equal((await tokens.get("arm", null)).token, "t1");
  tokens.forget("arm", null, "t1");
  assert.equal((await tokens.get("arm", null)).token, "t2");
});

Deno.test("a failure to get a token is not kept", async () => {
  let fails = true;
  const tokens = createTokens(
    () => fails ? Promise.reject(new Error("no")) : Promise.resolve({ token: "t", expiresOn: HOUR }),
    { now: () => 0 },
  );
  await assert.rejects(tokens.get("arm", null), /no/);
  fails = false;
  assert.equal((await tokens.get("arm", null)).token, "t");
});
