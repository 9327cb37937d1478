import assert from "node:assert/strict";
import type { RecordStores } from "../../../src/azure/connect_stores.ts";
import type { ReadableStore } from "../../../src/blob/container.ts";
import type { TargetDeps } from "../../../src/cli/endpoints.ts";
import { openRecordStores } from "../../../src/cli/record_stores.ts";
import type { MlflowServer } from "../../../src/mlflow/server.ts";
import { Failure } from "../../../src/records/failure.ts";
import { KEEPS_CONNECTIONS } from "../wire/rig.ts";
import { silentDeps } from "./silent_deps.ts";

function test(name: string, fn: () => Promise<void>) {
  Deno.test({ name, fn, ...KEEPS_CONNECTIONS });
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error = await work.then(() => null, (error: unknown) => error);
  assert.ok(error instanceof Failure, `a Failure was expected, not ${error}`);
  return error;
}

const NONE = { azure: null, server: null } as const;

/** An MLflow server of 2.22.5 with one file; it wants `token` where one is given. */
function startServer(token?: string): { base: string; tokens: (string | null)[] } & AsyncDisposable {
  const tokens: (string | null)[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    await request.body?.cancel();
    const { pathname } = new URL(request.url);
    if (pathname === "/version") return new Response("2.22.5");
    const given = request.headers.get("authorization");
    tokens.push(given);
    if (token !== undefined && given !== `Bearer ${token}`) return new Response("no", { status: 401 });
    return pathname === "/get-artifact" ? new Response("bytes") : Response.json({});
  });
  return {
    base: `http://127.0.0.1:${server.addr.port}`,
    tokens,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function refTo(endpoint: string) {
  return { kind: "mlflow", endpoint, container: "r1", prefix: "" };
}

async function bytesOf(store: ReadableStore): Promise<string> {
  return await new Response(await store.read("a.txt")).text();
}

test("a server that only a record names is asked without any credentials", async () => {
  await using server = startServer();
  const deps: TargetDeps = silentDeps({ MLFLOW_TRACKING_TOKEN: "mine" });
  const open = await openRecordStores(NONE, deps);
  assert.equal(await bytesOf(await open(refTo(`${server.base}/`))), "bytes");
  assert.equal(await bytesOf(await open(refTo(server.base))), "bytes");
  assert.deepEqual(server.tokens, [null, null, null], "it is connected to once");
});

test("a server that wants a sign-in, and that only a record names, is one for --source", async () => {
  await using server = startServer("t");
  const open = await openRecordStores(NONE, silentDeps({ MLFLOW_TRACKING_TOKEN: "t" }));
  const failure = await failureOf(open(refTo(server.base)));
  assert.deepEqual([failure.facts.reach, failure.facts.status], ["record", 401]);
  assert.match(failure.facts.hint ?? "", /sends no credentials there: pass --source/);
  assert.deepEqual(server.tokens, [null]);
});

test("--source signs in, also where records name its server by another address", async () => {
  await using server = startServer("t");
  const deps = { ...silentDeps({ MLFLOW_TRACKING_TOKEN: "t" }), source: { arg: server.base } };
  const open = await openRecordStores(NONE, deps);
  assert.deepEqual(server.tokens, [], "nothing is asked before a record names a store");
  assert.equal(await bytesOf(await open(refTo(server.base))), "bytes");
  assert.equal(await bytesOf(await open(refTo("https://mlflow.internal"))), "bytes");
  assert.deepEqual(server.tokens, ["Bearer t", "Bearer t", "Bearer t"]);
});

test("the target's own server is read with its sign-in", async () => {
  const asked: string[] = [];
  const server: MlflowServer = {
    id: "x",
    address: "https://target/p",
    abilities: { version: null, loggedModels: false, workspaces: false },
    wire: {
      send: () => Promise.reject(new Error("not asked")),
      open: () => Promise.reject(new Error("not asked")),
      trust: () => {},
      calls: () => 0,
    },
    send: () => Promise.reject(new Error("not asked")),
    open(route) {
      asked.push(route.path);
      const body = new Blob(["own"]).stream();
      return Promise.resolve({ status: 200, body, headers: new Map(), requestId: null });
    },
  };
  const open = await openRecordStores({ azure: null, server }, silentDeps());
  assert.equal(await bytesOf(await open(refTo("https://target/p"))), "own");
  assert.deepEqual(asked, ["/get-artifact"]);
});

test("stores of Azure are opened by the target's config where no source owns them", async () => {
  const refs: string[] = [];
  const azure: RecordStores = {
    owns: () => false,
    open(ref) {
      refs.push(ref.datastore ?? "");
      return Promise.reject(new Failure("asked", { code: "asked", reach: "record", retryable: false }));
    },
  };
  await using server = startServer();
  const deps = { ...silentDeps(), source: { arg: server.base } };
  const open = await openRecordStores({ azure, server: null }, deps);
  const failure = await failureOf(open({ kind: "azure-blob", datastore: "d", workspace: "azureml://x" }));
  assert.deepEqual([failure.facts.code, refs, server.tokens], ["asked", ["d"], []]);
});

test("a store of Azure in an MLflow target is opened by the source's config, and only in its cloud", async () => {
  const config = await Deno.makeTempFile({ suffix: ".json" });
  await Deno.writeTextFile(
    config,
    JSON.stringify({ subscription_id: "s", resource_group: "g", workspace_name: "w" }),
  );
  try {
    const workspace = "azureml://subscriptions/s/resourceGroups/g/workspaces/w";
    const ref = { kind: "azure-blob", endpoint: "https://evil.example", datastore: "d", workspace };
    for (const source of [{ arg: config }, null]) {
      const open = await openRecordStores(NONE, { ...silentDeps(), source });
      const failure = await failureOf(open(ref));
      assert.deepEqual([failure.facts.code, failure.facts.reach], ["store_not_trusted", "record"]);
      assert.match(failure.message, /evil\.example, which is not of the config's cloud/);
    }
  } finally {
    await Deno.remove(config);
  }
});

test("a store that nobody can read is said so, and a source that cannot be read at once", async () => {
  const open = await openRecordStores(NONE, silentDeps());
  for (const ref of [{ kind: "ftp" }, refTo("file:///x"), { kind: "azure-blob" }, { kind: "mlflow" }]) {
    const failure = await failureOf(open(ref));
    assert.deepEqual([failure.facts.code, failure.facts.reach], ["store_not_trusted", "record"]);
    assert.match(failure.facts.hint ?? "", /--source/);
  }
  const missing = { ...silentDeps(), source: { arg: "no/such.json" } };
  assert.equal((await failureOf(openRecordStores(NONE, missing))).facts.code, "config_not_found");
});
