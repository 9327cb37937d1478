import assert from "node:assert/strict";
import { readSide } from "../../../src/cli/config.ts";
import { mlflowServer } from "../../../src/cli/mlflow_access.ts";
import { mlflowDeps } from "../../../src/cli/process_wiring.ts";
import { KEEPS_CONNECTIONS } from "../wire/rig.ts";
import { silentDeps } from "./silent_deps.ts";

const CASES: readonly (readonly [string, string, readonly string[]])[] = [
  ["credentials in clear to another machine", "http://u:p@0.0.0.0:PORT", [
    "credentials go to 0.0.0.0:PORT in clear: use its https:// address if it has one",
  ]],
  ["no credentials", "http://0.0.0.0:PORT", []],
  ["credentials to this machine", "http://u:p@127.0.0.1:PORT", []],
];

for (const [name, address, warnings] of CASES) {
  Deno.test({
    name: `a way to a server that is not safe is warned of once: ${name}`,
    ...KEEPS_CONNECTIONS,
    async fn() {
      const server = Deno.serve({ port: 0, hostname: "0.0.0.0", onListen: () => {} }, async (request) => {
        await request.body?.cancel();
        return request.url.endsWith("/version") ? new Response("2.22.5") : Response.json({});
      });
      const withPort = (text: string) => text.replace("PORT", String(server.addr.port));
      try {
        const warned: string[] = [];
        const deps = silentDeps({}, warned);
        const side = await readSide(withPort(address));
        assert.ok(side.kind === "mlflow");
        await mlflowServer(side, deps, mlflowDeps(deps, undefined));
        await mlflowServer(side, deps, mlflowDeps(deps, undefined));
        assert.deepEqual(warned, warnings.map(withPort));
      } finally {
        await server.shutdown();
      }
    },
  });
}

for (
  const [host, service] of [
    ["https://adb-1.2.azuredatabricks.net", "Databricks"],
    ["https://dbc-1.cloud.databricks.com", "Databricks"],
    ["https://us-east-1.experiments.sagemaker.aws", "SageMaker"],
  ] as const
) {
  Deno.test(`a server of ${host} is said to be untested before it is asked`, async () => {
    const warned: string[] = [];
    const deps = silentDeps({}, warned);
    const side = await readSide(host);
    assert.ok(side.kind === "mlflow");
    const aborted = mlflowDeps(deps, AbortSignal.abort(new Error("nothing is sent")));
    await assert.rejects(mlflowServer(side, deps, aborted));
    assert.deepEqual(warned, [`${new URL(host).host} is ${service}: azml was never tried with it`]);
  });
}
