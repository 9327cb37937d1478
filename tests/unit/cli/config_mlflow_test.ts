import assert from "node:assert/strict";
import { parseConfig, readSide } from "../../../src/cli/config.ts";
import type { MlflowConfig } from "../../../src/mlflow/config.ts";
import { Failure } from "../../../src/records/failure.ts";

type Variables = Readonly<Record<string, string>>;

function envOf(variables: Variables): (name: string) => string | undefined {
  return (name) => variables[name];
}

function parsed(fields: unknown, variables: Variables = {}): MlflowConfig {
  const side = parseConfig("dir/c.json", JSON.stringify(fields, null, 1), envOf(variables));
  assert.ok(side.kind === "mlflow");
  return side;
}

async function ofAddress(address: string, variables: Variables = {}): Promise<MlflowConfig> {
  const side = await readSide(address, { env: envOf(variables) });
  assert.ok(side.kind === "mlflow");
  return side;
}

const BARE: MlflowConfig = {
  kind: "mlflow",
  from: "dir/c.json",
  address: "http://h:5000/p",
  registry: null,
  workspace: null,
  auth: { kind: "none" },
  headers: {},
  caFile: null,
  insecureTls: false,
  sourceId: null,
};

Deno.test("an address is all that an MLflow config needs", () => {
  assert.deepEqual(parsed({ mlflow_tracking_uri: "http://H:5000/p/" }), BARE);
});

Deno.test("every key of an MLflow config is read; files lie beside it", () => {
  const fields = {
    mlflow_tracking_uri: "https://h",
    mlflow_registry_uri: "https://r/",
    mlflow_workspace: "team",
    auth: { username_env: "U", password_env: "P" },
    headers_env: { "X-Api-Key": "K" },
    ca_file: "ca.pem",
    source_id: "mlflow+https://other/",
  };
  assert.deepEqual(
    parsed(fields, { U: "me", P: "pass", K: "key", MLFLOW_TRACKING_TOKEN: "t", MLFLOW_WORKSPACE: "w" }),
    {
      ...BARE,
      address: "https://h",
      registry: "https://r",
      workspace: { name: "team", at: "dir/c.json:4" },
      auth: { kind: "basic", username: "me", password: "pass" },
      headers: { "X-Api-Key": "key" },
      caFile: "dir/ca.pem",
      sourceId: "mlflow+https://other",
    },
  );
});

const AUTHS: readonly (readonly [string, unknown, Variables, MlflowConfig["auth"]])[] = [
  ["a token of a variable", { token_env: "T" }, { T: "tok\n" }, { kind: "token", token: "tok" }],
  ["a file beside the config", { token_file: "t" }, {}, { kind: "token_file", path: "dir/t" }],
  ["a file elsewhere", { token_file: "/run/t" }, {}, { kind: "token_file", path: "/run/t" }],
  ["MLflow's variables", undefined, { MLFLOW_TRACKING_TOKEN: "t" }, { kind: "token", token: "t" }],
  [
    "MLflow's variables, user first",
    undefined,
    { MLFLOW_TRACKING_USERNAME: "u", MLFLOW_TRACKING_PASSWORD: "p", MLFLOW_TRACKING_TOKEN: "t" },
    { kind: "basic", username: "u", password: "p" },
  ],
  ["MLflow's variables, half a user beside a token", undefined, {
    MLFLOW_TRACKING_USERNAME: "u",
    MLFLOW_TRACKING_TOKEN: "t",
  }, { kind: "token", token: "t" }],
  ["the config before MLflow's variables", { token_env: "T" }, { T: "a", MLFLOW_TRACKING_USERNAME: "u" }, {
    kind: "token",
    token: "a",
  }],
];

for (const [name, auth, variables, expected] of AUTHS) {
  Deno.test(`sign-in to an MLflow server: ${name}`, () => {
    assert.deepEqual(parsed({ mlflow_tracking_uri: "http://h", auth }, variables).auth, expected);
  });
}

Deno.test("credentials in an address are used and never shown, and win over MLflow's variables", async () => {
  const side = await ofAddress("https://a%40b:p%3Aw@h/x/", {
    MLFLOW_TRACKING_TOKEN: "t",
    MLFLOW_WORKSPACE: " w ",
  });
  assert.deepEqual(side, {
    ...BARE,
    from: "https://h/x/",
    address: "https://h/x",
    workspace: { name: "w", at: null },
    auth: { kind: "basic", username: "a@b", password: "p:w" },
  });
});

Deno.test("certificates are checked as MLflow's variables say, and as the config says first", async () => {
  assert.equal((await ofAddress("https://h", { MLFLOW_TRACKING_INSECURE_TLS: "true" })).insecureTls, true);
  assert.equal((await ofAddress("https://h", { MLFLOW_TRACKING_INSECURE_TLS: "false" })).insecureTls, false);
  assert.equal((await ofAddress("https://h", { MLFLOW_TRACKING_SERVER_CERT_PATH: "/ca" })).caFile, "/ca");
  const side = parsed({ mlflow_tracking_uri: "https://h", ca_file: "/own" }, {
    MLFLOW_TRACKING_INSECURE_TLS: "1",
  });
  assert.deepEqual([side.caFile, side.insecureTls], ["/own", false]);
});

Deno.test("the https form of a workspace's tracking URI is that workspace", async () => {
  const id = "/subscriptions/S/resourceGroups/G/providers/Microsoft.MachineLearningServices/workspaces/W";
  const side = await readSide(`https://eastus2.api.azureml.ms/mlflow/v1.0${id}`);
  assert.ok(side.kind === "azureml");
  assert.equal(side.names.workspace, "W");
});

const URI = '"mlflow_tracking_uri": "http://h"';
const FAULTS: readonly (readonly [string, Variables, string])[] = [
  [
    `{ ${URI},\n "mlflow_workspce": "w" }`,
    {},
    'c.json:2: unknown key "mlflow_workspce"; did you mean "mlflow_workspace"?',
  ],
  [
    `{ ${URI},\n "auth": { "token": "x" } }`,
    {},
    'c.json:2: unknown key "auth.token"; known are username_env, password_env, token_env, token_file',
  ],
  [
    `{ ${URI},\n "auth": {} }`,
    {},
    'c.json:2: "auth" must hold "username_env" and "password_env", or "token_env", or "token_file"',
  ],
  [
    `{ ${URI},\n "auth": { "username_env": "U" } }`,
    {},
    'c.json:2: "auth" must hold "username_env" and "password_env", or "token_env", or "token_file"',
  ],
  [
    `{ ${URI},\n "auth": {\n "token_env": "T" } }`,
    { T: " " },
    'c.json:3: "auth.token_env" names the variable T, which is not set',
  ],
  [
    `{ ${URI},\n "headers_env": { "X-Key": "K" } }`,
    {},
    'c.json:2: "headers_env.X-Key" names the variable K, which is not set',
  ],
  [
    `{ ${URI}, "headers_env": { "a b": "K" } }`,
    { K: "v" },
    '"headers_env" names "a b", which cannot be a header\'s name',
  ],
  [`{ ${URI},\n "auth": 5 }`, {}, 'c.json:2: "auth" must be an object in { }'],
  [`{ ${URI},\n "ca_file": 5 }`, {}, 'c.json:2: "ca_file" must be text in quotes'],
  [
    '{ "mlflow_tracking_uri": "h:5000" }',
    {},
    'c.json:1: "mlflow_tracking_uri" must be an http:// or https:// address',
  ],
  [
    '{ "mlflow_tracking_uri": "http://h/#/experiments/1" }',
    {},
    'c.json:1: "mlflow_tracking_uri" must end with its path: no "?" and no "#"',
  ],
  [
    '{ "mlflow_tracking_uri": "http://u:secret@h",\n "auth": { "token_env": "T" } }',
    { T: "t" },
    'c.json:2: "auth" and the credentials in the address exclude each other',
  ],
  [
    `{ ${URI},\n "mlflow_registry_uri": "http://u:secret@r" }`,
    {},
    'c.json:2: "mlflow_registry_uri" must hold no credentials: those of the tracking server go there, too',
  ],
  [
    `{ ${URI} }`,
    { MLFLOW_TRACKING_USERNAME: "u" },
    "of MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD only one is set: set both, or none",
  ],
  [
    `{ ${URI} }`,
    { MLFLOW_TRACKING_INSECURE_TLS: "1", MLFLOW_TRACKING_SERVER_CERT_PATH: "x" },
    "MLFLOW_TRACKING_INSECURE_TLS and MLFLOW_TRACKING_SERVER_CERT_PATH exclude each other: unset one",
  ],
];

for (const [text, variables, says] of FAULTS) {
  Deno.test(`an MLflow config is refused in one line: ${says}`, () => {
    assert.throws(() => parseConfig("c.json", text, envOf(variables)), (error) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.message, says);
      assert.deepEqual([error.facts.reach, error.facts.retryable], ["usage", false]);
      return true;
    });
  });
}

const OTHERS: readonly (readonly [string, RegExp])[] = [
  ["databricks", /untested with Databricks; the https:\/\/ address/],
  ["databricks://profile", /untested with Databricks/],
  ["databricks-uc", /untested with Databricks/],
  ["arn:aws:sagemaker:us-east-1:1:mlflow-tracking-server/x", /signed by AWS.*untested/],
  ["sqlite:///mlflow.db", /a store and no server; start `mlflow server/],
  ["azureml://eastus.api.azureml.ms/mlflow/v1.0/subscriptions/s", /named by itself/],
];

for (const [uri, says] of OTHERS) {
  Deno.test(`a tracking URI that is no http address says what to do: ${uri}`, async () => {
    const pattern = new RegExp(`c\\.json:2: "mlflow_tracking_uri" is no http address: .*${says.source}`);
    assert.throws(() => parsed({ mlflow_tracking_uri: uri }), pattern);
    if (!uri.startsWith("azureml:")) await assert.rejects(readSide(uri), says);
  });
}
