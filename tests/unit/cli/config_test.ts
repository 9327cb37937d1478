import assert from "node:assert/strict";
import { parseConfig, readSide } from "../../../src/cli/config.ts";
import { Failure } from "../../../src/records/failure.ts";

const PORTAL = `{
    "subscription_id": "s-1",
    "resource_group": "rg",
    "workspace_name": "ws"
}`;

Deno.test("the file that Azure's portal downloads works as it is", () => {
  assert.deepEqual(parseConfig("config.json", PORTAL), {
    kind: "azureml",
    from: "config.json",
    names: { subscription: "s-1", resourceGroup: "rg", workspace: "ws" },
    tenant: null,
    tenantAt: "config.json",
    cloud: "AzureCloud",
    credential: "default",
    compute: null,
    sourceId: null,
    endpoints: { resourceManager: null, blob: null },
  });
});

Deno.test("every key of a config is read, with comments and trailing commas", () => {
  const text = `\uFEFF{
    // where
    "subscription_id": "s", "resource_group": "g", "workspace_name": "w",
    "tenant_id": "t", "cloud": "azureusgovernment", /* how */ "credential": "cli",
    "compute": "serverless", "source_id": "azureml://x/",
    "endpoints": { "resource_manager": "http://127.0.0.1:8801/", "blob": "http://127.0.0.1:10000/{account}", },
  }`;
  const config = parseConfig("c.jsonc", text);
  assert.ok(config.kind === "azureml");
  assert.deepEqual(
    [config.tenant, config.cloud, config.credential, config.compute, config.sourceId],
    ["t", "AzureUSGovernment", "cli", "serverless", "azureml://x"],
  );
  assert.deepEqual(config.endpoints, {
    resourceManager: "http://127.0.0.1:8801",
    blob: "http://127.0.0.1:10000/{account}",
  });
});

Deno.test("the example configs are configs", async () => {
  for await (const entry of Deno.readDir("config")) {
    if (!entry.name.endsWith(".example.jsonc")) continue;
    const side = parseConfig(entry.name, await Deno.readTextFile(`config/${entry.name}`), () => "set");
    assert.equal(side.kind, /^mlflow/.test(entry.name) ? "mlflow" : "azureml", entry.name);
  }
});

function withLine(line: string): string {
  return `{\n  "subscription_id": "s",\n  "resource_group": "g",\n  "workspace_name": "w",\n  ${line}\n}`;
}

const FAULTS: readonly { readonly name: string; readonly text: string; readonly says: string }[] = [
  {
    name: "an unknown key near a known one",
    text: withLine('"tennant_id": "t"'),
    says: 'c.json:5: unknown key "tennant_id"; did you mean "tenant_id"?',
  },
  {
    name: "an unknown key near none",
    text: withLine('"endpoints": { "zzz": 1 }'),
    says: 'c.json:5: unknown key "endpoints.zzz"; known are resource_manager, blob',
  },
  {
    name: "an unknown key further down",
    text: withLine('"endpoints": {\n "blobs": "x" }'),
    says: 'c.json:6: unknown key "endpoints.blobs"; did you mean "blob"?',
  },
  {
    name: "a missing key",
    text: '{ "subscription_id": "s", "resource_group": "g" }',
    says: 'c.json:1: "workspace_name" is missing; add "workspace_name": "..."',
  },
  {
    name: "a misspelled key, which is then missing",
    text: '{ "subscription_id": "s", "resource_group": "g",\n "workspace_nam": "w" }',
    says: 'c.json:2: unknown key "workspace_nam"; did you mean "workspace_name"?',
  },
  {
    name: "a wrong type",
    text: withLine('"compute": 5'),
    says: 'c.json:5: "compute" must be text in quotes',
  },
  {
    name: "an unknown credential",
    text: withLine('"credential": "password"'),
    says:
      'c.json:5: "credential" must be one of "default", "cli", "environment", "managed-identity", "workload-identity", "device-code"',
  },
  {
    name: "an unknown cloud",
    text: withLine('"cloud": "AzureMoonCloud"'),
    says:
      'c.json:5: "cloud" must be one of AzureCloud, AzureUSGovernment, AzureChinaCloud, or the https:// address of cloud metadata',
  },
  {
    name: "ARM in clear on another machine",
    text: withLine('"endpoints": { "resource_manager": "http://arm.example" }'),
    says:
      'c.json:5: "endpoints.resource_manager" must be an https:// address (http:// on this machine alone)',
  },
  {
    name: "a blob endpoint without account",
    text: withLine('"endpoints": { "blob": "http://127.0.0.1:10000" }'),
    says: 'c.json:5: "endpoints.blob" must hold "{account}" where the account\'s name goes',
  },
  {
    name: "a name that climbs",
    text: '{ "subscription_id": "s", "resource_group": "..",\n "workspace_name": "w" }',
    says: 'c.json:1: "resource_group" must not be empty, nor hold a slash, "?", "#", "%" or a blank',
  },
  {
    name: "no JSON",
    text: '{\n  "subscription_id": "s"\n  "resource_group": "g"\n}',
    says: 'c.json:3: unexpected token "resource_group"; the file must be JSON, comments are allowed',
  },
  {
    name: "a file cut short",
    text: '{\n  "subscription_id": "s",\n',
    says: "c.json:3: unexpected end of JSONC input; the file must be JSON, comments are allowed",
  },
  { name: "a list", text: "[]", says: "c.json: a config is an object in { }" },
  {
    name: "an unknown key of an MLflow config",
    text: '{ "mlflow_tracking_uri": "http://x",\n "auht": {} }',
    says: 'c.json:2: unknown key "auht"; did you mean "auth"?',
  },
];

for (const { name, text, says } of FAULTS) {
  Deno.test(`a config with ${name} is refused in one line`, () => {
    assert.throws(() => parseConfig("c.json", text), (error) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.message, says);
      assert.deepEqual([error.facts.reach, error.facts.retryable], ["usage", false]);
      return true;
    });
  });
}

const ARM_ID = "/subscriptions/S/resourcegroups/G/providers/microsoft.machinelearningservices/workspaces/W";
const IDS: readonly (readonly [string, string, string | null])[] = [
  ["azureml://subscriptions/S/resourceGroups/G/workspaces/W", "AzureCloud", null],
  [ARM_ID, "AzureCloud", null],
  [`azureml://eastus2.api.azureml.ms/mlflow/v1.0${ARM_ID}`, "AzureCloud", null],
  [`azureml://usgovvirginia.api.ml.azure.us/mlflow/v1.0${ARM_ID}`, "AzureUSGovernment", null],
  [`azureml://127.0.0.1:8801/mlflow/v2.0${ARM_ID}`, "AzureCloud", "http://127.0.0.1:8801"],
];

for (const [id, cloud, arm] of IDS) {
  Deno.test(`a side can be named ${id}`, async () => {
    const side = await readSide(id);
    assert.ok(side.kind === "azureml");
    assert.deepEqual(side.names, { subscription: "S", resourceGroup: "G", workspace: "W" });
    assert.deepEqual([side.cloud, side.endpoints.resourceManager], [cloud, arm]);
  });
}

const STUDIO: readonly (readonly [string, string, string | null])[] = [
  [`https://ml.azure.com/runs/x?wsid=${ARM_ID}&tid=t1`, "AzureCloud", "t1"],
  [`https://ml.azure.com/?wsid=${encodeURIComponent(ARM_ID)}`, "AzureCloud", null],
  [
    "https://ml.azure.us/?tid=t1&wsid=/subscriptions/S/resourceGroups/G/workspaces/W#a",
    "AzureUSGovernment",
    "t1",
  ],
];

for (const [address, cloud, tenant] of STUDIO) {
  Deno.test(`a side can be named by its page ${address}`, async () => {
    const side = await readSide(address);
    assert.ok(side.kind === "azureml");
    assert.deepEqual(side.names, { subscription: "S", resourceGroup: "G", workspace: "W" });
    assert.deepEqual([side.cloud, side.tenant], [cloud, tenant]);
  });
}

Deno.test("a page of the studio that names no workspace is told from an MLflow server", async () => {
  await assert.rejects(readSide("https://ml.azure.com/home"), /names no workspace.*give the id/);
  await assert.rejects(readSide("https://ml.azure.com/?wsid=/subscriptions/S"), /names no workspace/);
});

Deno.test("an MLflow URL, a folder and a file are told apart; what is not there is said", async () => {
  const dir = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${dir}/a.json`, PORTAL);
    assert.equal((await readSide("http://127.0.0.1:5000")).kind, "mlflow");
    assert.deepEqual(await readSide(dir), { kind: "folder", path: dir });
    assert.equal((await readSide(`${dir}/a.json`)).kind, "azureml");
    await assert.rejects(readSide(`${dir}/b.json`), /b\.json: there is no such file or folder/);
    await assert.rejects(readSide("azureml://subscriptions/S"), /names no workspace; the form is/);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("without an option the usual places are looked at, .azureml first", async () => {
  const dir = await Deno.makeTempDir();
  try {
    await assert.rejects(readSide(null, { dir }), /neither \.\/\.azureml\/config\.json nor \.\/config\.json/);
    await Deno.writeTextFile(`${dir}/config.json`, PORTAL);
    assert.equal(fromOf(await readSide(null, { dir })), `${dir}/config.json`);
    await Deno.mkdir(`${dir}/.azureml`);
    await Deno.writeTextFile(`${dir}/.azureml/config.json`, PORTAL);
    assert.equal(fromOf(await readSide(null, { dir })), `${dir}/.azureml/config.json`);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

function fromOf(side: Awaited<ReturnType<typeof readSide>>): string | null {
  return side.kind === "azureml" ? side.from : null;
}
