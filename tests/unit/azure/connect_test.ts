import assert from "node:assert/strict";
import { connectWorkspace } from "../../../src/azure/connect.ts";
import { openAzure } from "../../../src/azure/connect_azure.ts";
import { createRecordStores } from "../../../src/azure/connect_stores.ts";
import type { WorkspaceConfig } from "../../../src/azure/connect_config.ts";
import { Failure } from "../../../src/records/failure.ts";
import type { JsonValue } from "../../../src/records/json.ts";
import { createPacers } from "../../../src/wire/pacer.ts";
import { ROUTES } from "../../../src/wire/routes.ts";
import { createTokens } from "../../../src/wire/tokens.ts";
import { fakeClock, KEEPS_CONNECTIONS } from "../wire/rig.ts";

const WS = "/subscriptions/S-1/resourceGroups/Rg/providers/Microsoft.MachineLearningServices/workspaces/Ws";
const NOW = 1_000_000;

function test(name: string, fn: () => Promise<void>) {
  Deno.test({ name, fn, ...KEEPS_CONNECTIONS });
}

/** A little ARM with discovery and a data plane; `over` replaces answers by `METHOD path`. */
function startArm(over: Readonly<Record<string, JsonValue | Response>> = {}) {
  const asked: { what: string; token: string | null; body: string }[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    const { pathname } = new URL(request.url);
    const what = `${request.method} ${pathname}`;
    asked.push({ what, token: request.headers.get("authorization"), body: await request.text() });
    const known: Readonly<Record<string, JsonValue | Response>> = { ...answers(), ...over };
    const answer = known[what];
    if (answer instanceof Response) return answer.clone();
    if (answer !== undefined) return Response.json(answer);
    return Response.json({ error: { code: "ResourceNotFound", message: "not there" } }, { status: 404 });
  });
  const host = `127.0.0.1:${server.addr.port}`;
  const answers = () => ({
    [`GET ${WS}`]: {
      id: WS.replace("resourceGroups", "resourcegroups"),
      properties: { discoveryUrl: `https://${host}/discovery`, tenantId: "tenant-of-ws" },
    },
    "GET /discovery": { api: `https://${host}/` },
    [`GET ${WS}/datastores`]: { value: [{ name: "mystore", properties: { isDefault: true } }] },
    [`GET ${WS}/datastores/keyed`]: store("AccountKey"),
    [`POST ${WS}/datastores/keyed/listSecrets`]: { secretsType: "AccountKey", key: "Zm9v" },
    [`GET ${WS}/datastores/plain`]: store("None"),
    [`GET ${WS}/datastores/refused`]: store("AccountKey"),
    [`POST ${WS}/datastores/refused/listSecrets`]: new Response(null, { status: 403 }),
    [`GET ${WS}/datastores/share`]: { properties: { datastoreType: "AzureFile", fileShareName: "f" } },
  });
  return { host, asked, [Symbol.asyncDispose]: () => server.shutdown() };
}

function store(credentialsType: string): JsonValue {
  return {
    properties: {
      datastoreType: "AzureBlob",
      accountName: "acct1",
      containerName: "cont",
      credentials: { credentialsType },
    },
  };
}

function configOf(host: string, over: Partial<WorkspaceConfig> = {}): WorkspaceConfig {
  return {
    kind: "azureml",
    from: "c.json",
    names: { subscription: "s-1", resourceGroup: "rg", workspace: "ws" },
    tenant: "t-1",
    cloud: "AzureCloud",
    credential: "cli",
    compute: null,
    sourceId: null,
    endpoints: { resourceManager: `http://${host}`, blob: "http://127.0.0.1:10000/{account}" },
    ...over,
  };
}

/** Requests of a lower-case config reach the little ARM, whose paths are exact. */
const NAMES = { subscription: "S-1", resourceGroup: "Rg", workspace: "Ws" };

function deps() {
  const asked: string[] = [];
  const clock = fakeClock();
  const fetch = (resource: string, tenant: string | null) => {
    asked.push(`${resource} in ${tenant}`);
    return Promise.resolve({ token: "tok", expiresOn: NOW * 10 });
  };
  return {
    asked,
    tokens: () => createTokens(fetch, clock),
    pacers: createPacers({ clock, start: 8, max: 8 }),
    userAgent: "azml/test",
    clock,
  };
}

async function connect(config: WorkspaceConfig, options = {}) {
  const azure = await openAzure(config, deps());
  return await connectWorkspace(config, azure, options);
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error = await work.then(() => null, (error: unknown) => error);
  assert.ok(error instanceof Failure, `a Failure was expected, not ${error}`);
  return error;
}

test("a workspace is found through ARM and discovery, which is asked without a token and on loopback in http", async () => {
  await using arm = startArm();
  const workspace = await connect(configOf(arm.host, { names: NAMES }));
  assert.equal(workspace.id, "azureml://subscriptions/S-1/resourceGroups/Rg/workspaces/Ws");
  assert.equal(workspace.armPath, WS);
  assert.equal(workspace.api, `http://${arm.host}`);
  assert.equal(workspace.tenant, "t-1");
  assert.deepEqual(arm.asked.map(({ what, token }) => [what, token]), [
    [`GET ${WS}`, "Bearer tok"],
    ["GET /discovery", null],
  ]);
  assert.equal(await workspace.defaultDatastore(), "mystore");
});

test("the names are spelled as the service does, the id and tenant as the config wants", async () => {
  await using arm = startArm({
    "GET /subscriptions/s-1/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/ws": {
      id: WS,
      properties: {
        mlFlowTrackingUri: `azureml://eastus.api.azureml.ms/mlflow/v1.0${WS}`,
        tenantId: "tenant-of-ws",
      },
    },
  });
  const workspace = await connect(configOf(arm.host, { tenant: null, sourceId: "azureml://mine" }));
  assert.deepEqual(workspace.names, NAMES);
  assert.equal(workspace.id, "azureml://mine");
  assert.equal(workspace.tenant, "tenant-of-ws");
  assert.equal(workspace.api, "https://eastus.api.azureml.ms");
});

test("a workspace that is not there is a matter of the config", async () => {
  await using arm = startArm();
  const failure = await failureOf(connect(configOf(arm.host, { names: { ...NAMES, workspace: "other" } })));
  assert.deepEqual([failure.facts.reach, failure.facts.code], ["usage", "ResourceNotFound"]);
  assert.match(failure.facts.hint ?? "", /in c\.json/);
});

test("a workspace that may not be read is a matter of rights", async () => {
  const refused = Response.json({ error: { code: "AuthorizationFailed", message: "no" } }, { status: 403 });
  await using arm = startArm({ [`GET ${WS}`]: refused });
  const failure = await failureOf(connect(configOf(arm.host, { names: NAMES })));
  assert.deepEqual([failure.facts.reach, failure.facts.code], ["auth", "AuthorizationFailed"]);
});

test("a data plane in clear on another machine is refused", async () => {
  await using arm = startArm({ "GET /discovery": { api: "http://eastus.api.azureml.ms" } });
  const failure = await failureOf(connect(configOf(arm.host, { names: NAMES })));
  assert.equal(failure.facts.code, "no_data_plane");
  assert.match(failure.message, /is not https/);
});

test("datastores are asked for once; a file share holds no blobs", async () => {
  await using arm = startArm();
  const workspace = await connect(configOf(arm.host, { names: NAMES }), { readOnly: true });
  const [one, two] = await Promise.all([workspace.datastore("keyed"), workspace.datastore("keyed")]);
  assert.deepEqual(one, two);
  assert.deepEqual([one.account, one.container, one.endpoint], [
    "acct1",
    "cont",
    "http://127.0.0.1:10000/acct1",
  ]);
  assert.equal(arm.asked.filter(({ what }) => what.endsWith("/datastores/keyed")).length, 1);
  const share = await failureOf(workspace.datastore("share"));
  assert.deepEqual([share.facts.code, share.facts.reach], ["datastore_without_blobs", "record"]);
  assert.equal((await failureOf(workspace.datastore("none"))).facts.code, "ResourceNotFound");
});

test("a container is opened with the key that the workspace gives, and otherwise by sign-in", async () => {
  await using arm = startArm();
  const config = configOf(arm.host, { names: NAMES });
  const workspace = await connect(config);
  const keyed = await workspace.container("keyed");
  assert.equal(await workspace.container("keyed"), keyed);
  assert.match((await keyed.copySource("b")).url, /sig=/);
  assert.equal((await (await workspace.container("plain")).copySource("b")).authorization, "Bearer tok");
  assert.equal((await (await workspace.container("refused")).copySource("b")).authorization, "Bearer tok");
  assert.deepEqual(
    arm.asked.map(({ what }) => what).filter((what) => what.includes("listSecrets")),
    [`POST ${WS}/datastores/keyed/listSecrets`, `POST ${WS}/datastores/refused/listSecrets`],
  );
});

test("a SAS that is about to end is asked for again", async () => {
  const sas = (end: string) => ({ secretsType: "Sas", sasToken: `?sv=1&se=${end}&sig=x` });
  const secrets = `POST ${WS}/datastores/keyed/listSecrets`;
  for (
    const { end, asked } of [{ end: "2001-01-01T00:00:00Z", asked: 2 }, {
      end: "9999-01-01T00:00:00Z",
      asked: 1,
    }]
  ) {
    await using arm = startArm({ [secrets]: sas(end) });
    const workspace = await connect(configOf(arm.host, { names: NAMES }));
    await workspace.container("keyed");
    await workspace.container("keyed");
    const times = arm.asked.filter(({ what }) => what === secrets).length;
    assert.equal(times, asked, `end ${end}`);
  }
});

test("a read-only workspace sends no write", async () => {
  await using arm = startArm();
  const workspace = await connect(configOf(arm.host, { names: NAMES }), { readOnly: true });
  const before = arm.asked.length;
  const failure = await failureOf(
    workspace.wire.send({ route: ROUTES.artifact.register, base: workspace.api }),
  );
  assert.deepEqual([failure.facts.code, arm.asked.length], ["write_in_dry_run", before]);
});

test("the cloud can be the URL of a metadata document, read without a token", async () => {
  const entry = (arm: string) => ({
    name: "Own",
    portal: "https://portal.azure.eaglex.gov/",
    resourceManager: `${arm}/`,
    authentication: { loginEndpoint: "https://login.own/" },
    suffixes: { storage: "core.own.net" },
  });
  await using arm = startArm();
  const here = `http://${arm.host}`;
  for (const document of [entry(here), [entry("https://arm.other"), entry(here)]]) {
    await using metadata = startArm({ "GET /metadata/endpoints": document });
    const url = `http://${metadata.host}/metadata/endpoints?arm=${here}`;
    const endpoints = { resourceManager: null, blob: null };
    const azure = await openAzure(configOf(arm.host, { cloud: url, endpoints }), deps());
    assert.deepEqual(azure.cloud, {
      name: "Own",
      arm: here,
      authorityHost: "https://login.own",
      resources: { arm: here, ml: "https://ml.azure.eaglex.gov", storage: "https://storage.azure.com" },
      storageSuffix: "core.own.net",
      apiSuffix: ".api.ml.azure.eaglex.gov",
    });
    assert.equal(azure.blobEndpoint("acct"), "https://acct.blob.core.own.net");
    assert.equal(metadata.asked[0]?.token, null);
  }
  await using empty = startArm({ "GET /metadata/endpoints": [] });
  const bad = openAzure(configOf(arm.host, { cloud: `http://${empty.host}/metadata/endpoints` }), deps());
  assert.equal((await failureOf(bad)).facts.code, "bad_cloud_metadata");
});

const ID = "azureml://subscriptions/S-1/resourceGroups/Rg/workspaces/Ws";
const REF = {
  kind: "azure-blob",
  workspace: ID,
  datastore: "keyed",
  endpoint: "http://127.0.0.1:10000/acct1",
};

test("a store that a record names is opened where ARM says, in the record's tenant, once", async () => {
  await using arm = startArm();
  const { asked, ...rest } = deps();
  const config = configOf(arm.host);
  const other = { ...config, names: { ...NAMES, workspace: "elsewhere" } };
  const stores = createRecordStores(other, await openAzure(other, rest));
  const container = await stores.open({ ...REF, container: "evil", tenant: "t-2" });
  assert.deepEqual([container.endpoint, container.name], ["http://127.0.0.1:10000/acct1", "cont"]);
  assert.equal(await stores.open({ ...REF, tenant: "t-2" }), container);
  assert.deepEqual(asked, ["https://management.azure.com in t-2"]);
  assert.deepEqual([stores.owns(REF), stores.owns({ kind: "azure-blob" })], [false, false]);
  const own = createRecordStores(config, await openAzure(config, rest));
  assert.equal(own.owns(REF), true);
});

const STRANGE: readonly { readonly name: string; readonly ref: Record<string, string | null> }[] = [
  { name: "at an address of its own", ref: { endpoint: "https://acct1.blob.evil.example" } },
  { name: "behind a lookalike", ref: { endpoint: "https://evil.example/.blob.core.windows.net" } },
  { name: "in clear elsewhere", ref: { endpoint: "http://acct1.blob.core.windows.net" } },
  { name: "on a port of its own", ref: { endpoint: "https://acct1.blob.core.windows.net:444" } },
  { name: "without workspace", ref: { workspace: null } },
  { name: "without datastore", ref: { datastore: null } },
  { name: "of another kind", ref: { kind: "s3" } },
  { name: "of a workspace whose name climbs", ref: { workspace: ID.replace("/Ws", "/..") } },
];

for (const { name, ref } of STRANGE) {
  test(`a store ${name} is refused before anything is sent`, async () => {
    await using arm = startArm();
    const config = configOf(arm.host);
    const stores = createRecordStores(config, await openAzure(config, deps()));
    const failure = await failureOf(stores.open({ ...REF, ...ref }));
    assert.deepEqual([failure.facts.code, failure.facts.reach], ["store_not_trusted", "record"]);
    assert.match(failure.facts.hint ?? "", /--source/);
    assert.deepEqual(arm.asked, []);
  });
}

test("a store of the public cloud is of the config's cloud", async () => {
  await using arm = startArm();
  const config = configOf(arm.host, { names: NAMES });
  const stores = createRecordStores(config, await openAzure(config, deps()));
  const container = await stores.open({ ...REF, endpoint: "https://acct1.blob.core.windows.net" });
  assert.equal(container.name, "cont");
});
