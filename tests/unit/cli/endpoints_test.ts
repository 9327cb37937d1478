import assert from "node:assert/strict";
import { openSource, openTarget } from "../../../src/cli/endpoints.ts";
import { Failure } from "../../../src/records/failure.ts";
import { KEEPS_CONNECTIONS } from "../wire/rig.ts";
import { withPath } from "../with_path.ts";
import { silentDeps } from "./silent_deps.ts";

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error = await work.then(() => null, (error: unknown) => error);
  assert.ok(error instanceof Failure, `a Failure was expected, not ${error}`);
  return error;
}

Deno.test("sides that this version cannot open are refused as usage, and so is what is not there", async () => {
  const folder = await failureOf(openTarget("tests", silentDeps()));
  assert.deepEqual([folder.facts.reach, folder.facts.code], ["usage", "folder_not_supported"]);
  const nowhere = await failureOf(openTarget("no/such.json", silentDeps()));
  assert.deepEqual([nowhere.facts.reach, nowhere.facts.code], ["usage", "config_not_found"]);
});

Deno.test({
  name: "a source is opened from a config: sign-in is asked before anything is sent",
  ...KEEPS_CONNECTIONS,
  async fn() {
    let asked = 0;
    const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, () => {
      asked++;
      return new Response();
    });
    const file = await Deno.makeTempFile({ suffix: ".json" });
    try {
      await Deno.writeTextFile(
        file,
        JSON.stringify({
          subscription_id: "s",
          resource_group: "g",
          workspace_name: "w",
          credential: "cli",
          endpoints: { resource_manager: `http://127.0.0.1:${server.addr.port}` },
        }),
      );
      await withPath(null, async () => {
        const failure = await failureOf(openSource(file, silentDeps()));
        assert.deepEqual([failure.facts.reach, failure.facts.code, asked], ["auth", "az_not_found", 0]);
      });
    } finally {
      await Deno.remove(file);
      await server.shutdown();
    }
  },
});

Deno.test({
  name: "an MLflow server that nobody answers for is unreachable, and its credentials are never shown",
  ...KEEPS_CONNECTIONS,
  async fn() {
    const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
    const { port } = listener.addr;
    listener.close();
    for (const open of [openSource, openTarget]) {
      const failure = await failureOf(open(`http://user:pass@127.0.0.1:${port}/x`, silentDeps()));
      assert.deepEqual([failure.facts.reach, failure.facts.code], ["unreachable", "econnrefused"]);
      assert.match(failure.message, /^GET \/x\/version at 127\.0\.0\.1:\d+ got no answer/);
      assert.doesNotMatch(failure.message, /pass/);
    }
  },
});

Deno.test("a config that names a variable which is not set is told before anything is sent", async () => {
  const file = await Deno.makeTempFile({ suffix: ".json" });
  await Deno.writeTextFile(
    file,
    '{ "mlflow_tracking_uri": "http://127.0.0.1:1", "auth": { "token_env": "NO" } }',
  );
  try {
    const failure = await failureOf(openSource(file, silentDeps()));
    assert.deepEqual([failure.facts.reach, failure.facts.code], ["usage", "variable_not_set"]);
  } finally {
    await Deno.remove(file);
  }
});
