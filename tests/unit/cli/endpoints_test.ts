import assert from "node:assert/strict";
import { openSource, openTarget, type TargetDeps } from "../../../src/cli/endpoints.ts";
import { Failure } from "../../../src/records/failure.ts";
import { KEEPS_CONNECTIONS } from "../wire/rig.ts";
import { withPath } from "../with_path.ts";

function silent(): TargetDeps {
  const nothing = () => {};
  return {
    io: {
      stdin: ReadableStream.from([]),
      write: () => Promise.resolve(),
      note: nothing,
      stdinIsTerminal: false,
      stdoutIsTerminal: false,
      stderrIsTerminal: false,
      env: () => undefined,
    },
    log: { debug: nothing, info: nothing, warn: nothing, error: nothing, progress: nothing },
    signal: new AbortController().signal,
    concurrency: 2,
    dryRun: true,
    copyArtifacts: true,
    source: null,
  };
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error = await work.then(() => null, (error: unknown) => error);
  assert.ok(error instanceof Failure, `a Failure was expected, not ${error}`);
  return error;
}

Deno.test("sides that this version cannot open are refused as usage, without credentials in the message", async () => {
  const server = await failureOf(openSource("http://user:pass@127.0.0.1:1/x", silent()));
  assert.deepEqual([server.facts.reach, server.facts.code], ["usage", "mlflow_not_supported"]);
  assert.match(server.message, /^http:\/\/127\.0\.0\.1:1\/x is an MLflow server/);
  const folder = await failureOf(openTarget("tests", silent()));
  assert.deepEqual([folder.facts.reach, folder.facts.code], ["usage", "folder_not_supported"]);
  const nowhere = await failureOf(openTarget("no/such.json", silent()));
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
        const failure = await failureOf(openSource(file, silent()));
        assert.deepEqual([failure.facts.reach, failure.facts.code, asked], ["auth", "az_not_found", 0]);
      });
    } finally {
      await Deno.remove(file);
      await server.shutdown();
    }
  },
});
