import assert from "node:assert/strict";
import { redactJob } from "../../../src/records/redact.ts";

const job = { kind: "job", v: 1, id: "token=abc" };
const X = "<redacted>";
/** Stands for a secret; no result may hold it. */
const S = "Zm9vYmFyU2VjcmV0MTIz";

const fields: readonly [
  what: string,
  given: Record<string, unknown>,
  clean: Record<string, unknown>,
  paths: string[],
][] = [
  [
    "all environment variables at any depth, in either spelling",
    {
      definition: {
        environmentVariables: { KEY: S, EMPTY: "", N: 5, ON: true, NONE: null },
        jobs: { s1: { environment_variables: { A: S } }, s2: { EnvironmentVariables: null } },
      },
    },
    {
      definition: {
        environmentVariables: { KEY: X, EMPTY: X, N: X, ON: X, NONE: null },
        jobs: { s1: { environment_variables: { A: X } }, s2: { EnvironmentVariables: null } },
      },
    },
    [
      "definition.environmentVariables.KEY",
      "definition.environmentVariables.EMPTY",
      "definition.environmentVariables.N",
      "definition.environmentVariables.ON",
      "definition.jobs.s1.environment_variables.A",
    ],
  ],
  [
    "names that tell of a secret, in any spelling",
    {
      definition: {
        password: S,
        accountKey: S,
        account_key: S,
        "SAS-TOKEN": S,
        hfToken: S,
        connectionString: S,
      },
      properties: { "azureml.clientSecret": S, token: S, apiKey: 7, AUTHORIZATION: S },
      params: { openai_api_key: S },
      tags: { secret: S },
    },
    {
      definition: {
        password: X,
        accountKey: X,
        account_key: X,
        "SAS-TOKEN": X,
        hfToken: X,
        connectionString: X,
      },
      properties: { "azureml.clientSecret": X, token: X, apiKey: X, AUTHORIZATION: X },
      params: { openai_api_key: X },
      tags: { secret: X },
    },
    [
      ...["password", "accountKey", "account_key", "SAS-TOKEN", "hfToken", "connectionString"]
        .map((name) => `definition.${name}`),
      ...["azureml.clientSecret", "token", "apiKey", "AUTHORIZATION"].map((name) => `properties.${name}`),
      "params.openai_api_key",
      "tags.secret",
    ],
  ],
  [
    "the value of a secret input, and not its shape",
    {
      inputs: {
        hf_token: { jobInputType: "literal", value: S },
        token: { jobInputType: "uri_file", uri: "azureml://a/b" },
      },
    },
    {
      inputs: {
        hf_token: { jobInputType: "literal", value: X },
        token: { jobInputType: "uri_file", uri: "azureml://a/b" },
      },
    },
    ["inputs.hf_token.value"],
  ],
  [
    "everything in an object of secrets",
    { definition: { secrets: { secretsType: "Sas", first: S, list: [S] } } },
    { definition: { secrets: { secretsType: "Sas", first: X, list: [X] } } },
    ["definition.secrets.first", "definition.secrets.list.0"],
  ],
  [
    "JSON inside a string",
    { properties: { AMLSettings: JSON.stringify({ a: 1, environmentVariables: { K: S }, big: 5 }) } },
    { properties: { AMLSettings: JSON.stringify({ a: 1, environmentVariables: { K: X }, big: 5 }) } },
    ["properties.AMLSettings.environmentVariables.K"],
  ],
  [
    "secrets in names, which stay apart",
    {
      tags: { [`https://a/b?sig=${S}`]: "1", [`https://a/b?sig=${S}2`]: "2", plain: "3" },
      definition: { tags: { [`https://${S}@github.com/x`]: `?sig=${S}` }, password: { [`?sig=${S}`]: S } },
    },
    {
      tags: { [`https://a/b?sig=${X}`]: "1", [`https://a/b?sig=${X} (2)`]: "2", plain: "3" },
      definition: { tags: { [`https://${X}@github.com/x`]: `?sig=${X}` }, password: { [`?sig=${X}`]: X } },
    },
    [
      `tags.https://a/b?sig=${X}`,
      `tags.https://a/b?sig=${X} (2)`,
      `definition.tags.https://${X}@github.com/x`,
      `definition.password.?sig=${X}`,
    ],
  ],
  [
    "a secret name beside one that looks as if it had been cleaned",
    { tags: { [`?sig=${S}`]: "1", [`?sig=${X}`]: "2" } },
    { tags: { [`?sig=${X} (2)`]: "1", [`?sig=${X}`]: "2" } },
    [`tags.?sig=${X} (2)`],
  ],
  [
    "a name that a prototype has",
    JSON.parse(`{"definition":{"__proto__":{"password":"${S}"}}}`),
    JSON.parse(`{"definition":{"__proto__":{"password":"${X}"}}}`),
    ["definition.__proto__.password"],
  ],
];

for (const [what, given, clean, paths] of fields) {
  Deno.test(`hides ${what}`, () => {
    const before = JSON.stringify(given);
    const { value, redacted } = redactJob({ ...job, ...given });
    assert.equal(JSON.stringify(value), JSON.stringify({ ...job, ...clean }));
    assert.deepEqual(redacted, paths);
    assert.equal(JSON.stringify(given), before, "the given object was changed");
    assert.deepEqual(redactJob(value).redacted, [], "a second look finds the same again");
  });
}

const texts: readonly [given: string, clean: string][] = [
  [
    `https://a.blob.core.windows.net/c/b?sv=2022&sig=${S}%3D&se=2030`,
    `https://a.blob.core.windows.net/c/b?sv=2022&sig=${X}&se=2030`,
  ],
  [`sv=2022&sig=${S}`, `sv=2022&sig=${X}`],
  [`?sig=${S}`, `?sig=${X}`],
  [
    `https://x/?next=https%3A%2F%2Fa%3Fsv%3D1%26sig%3D${S}%253D%26se%3D2`,
    `https://x/?next=https%3A%2F%2Fa%3Fsv%3D1%26sig%3D${X}%26se%3D2`,
  ],
  [
    `DefaultEndpointsProtocol=https;AccountName=acct;AccountKey=${S}==;EndpointSuffix=core.windows.net`,
    `DefaultEndpointsProtocol=https;AccountName=acct;AccountKey=${X};EndpointSuffix=core.windows.net`,
  ],
  [
    `BlobEndpoint=https://a/;SharedAccessSignature=sv=1&sig=${S}`,
    `BlobEndpoint=https://a/;SharedAccessSignature=${X}`,
  ],
  [
    `Server=tcp:db;User ID=me;Password=${S}!x;Encrypt=True`,
    `Server=tcp:db;User ID=me;Password=${X};Encrypt=True`,
  ],
  [`Authorization: Bearer ${S}`, `Authorization: Bearer ${X}`],
  [`curl -H "Authorization: Basic ${S}=" https://a`, `curl -H "Authorization: Basic ${X}" https://a`],
  [`sent Bearer ${S}.x-y`, `sent Bearer ${X}`],
  [`eyJhbGciOiJIUzI1NiJ9.${S}.${S}`, X],
  [`see eyJhbGciOiJIUzI1NiJ9.${S}.${S}!`, `see ${X}!`],
  [`https://me:${S}@github.com/a/b.git`, `https://me:${X}@github.com/a/b.git`],
  [`https://${S}@github.com/a/b.git`, `https://${X}@github.com/a/b.git`],
  [`https://${S}:@github.com/a/b.git`, `https://${X}:@github.com/a/b.git`],
  [`https://${S}:x-oauth-basic@github.com/a`, `https://${X}:${X}@github.com/a`],
  [`pip install git+https://${S}@github.com/a/b`, `pip install git+https://${X}@github.com/a/b`],
  [`https://${S}@dev.azure.com/org/project/_git/repo`, `https://${X}@dev.azure.com/org/project/_git/repo`],
  [`git clone https://ghp_${"a1B2".repeat(9)}@github.com/a`, `git clone https://${X}@github.com/a`],
  [`hf_${"a1B2".repeat(9)}`, X],
  [`python t.py --password ${S} --lr 0.1`, `python t.py --password ${X} --lr 0.1`],
  [`python t.py --api-key="${S}"`, `python t.py --api-key="${X}"`],
  [`HF_TOKEN=${S} WANDB_API_KEY=${S} python t.py`, `HF_TOKEN=${X} WANDB_API_KEY=${X} python t.py`],
  [
    `-----BEGIN RSA PRIVATE KEY-----\n${S}\n-----END RSA PRIVATE KEY-----`,
    `-----BEGIN RSA PRIVATE KEY-----${X}-----END RSA PRIVATE KEY-----`,
  ],
];

for (const [given, clean] of texts) {
  Deno.test(`hides the secret in ${clean}`, () => {
    const { value, redacted } = redactJob({ ...job, definition: { command: given, list: [{ uri: given }] } });
    assert.deepEqual(value.definition, { command: clean, list: [{ uri: clean }] });
    assert.deepEqual(redacted, ["definition.command", "definition.list.0.uri"]);
    assert.deepEqual(redactJob(value).redacted, []);
  });
}

const harmlessNames = [
  ...[
    "token_count",
    "max_token",
    "pad_token",
    "eosToken",
    "tokenizer",
    "num_tokens",
    "secret_sauce",
    "secretName",
  ],
  ...[
    "monkey",
    "key",
    "public_key",
    "primary_metric",
    "passwordless",
    "sass",
    "authorization_mode",
    "keyVaultUri",
  ],
];

for (const name of harmlessNames) {
  Deno.test(`leaves the field ${name} as it is`, () => {
    const record = { ...job, tags: { [name]: "some value" }, definition: { [name]: "some value" } };
    assert.deepEqual(redactJob(record), { value: record, redacted: [] });
  });
}

const harmlessTexts = [
  "azureml://datastores/workspaceblobstore/paths/a/sig=notaquery/",
  "abfss://container@account.dfs.core.windows.net/path",
  "wasbs://container@account.blob.core.windows.net/token/",
  "https://org@dev.azure.com/org/project/_git/repo",
  "git@github.com:a/b.git",
  "https://git@github.com/a/b.git",
  "https://medium.com/@somebody/a",
  "git clone https://${GH_TOKEN}@github.com/a https://$GH_TOKEN@github.com/b",
  "ssh://git@github.com/a/b.git",
  "Bearer authentication and Basic classification are described below",
  "python t.py --token ${{inputs.token}} --password $PASSWORD --max-token 512 --pad-token=pad --tokenizer bert",
  "python t.py --token 512",
  "design=modern;signature=none",
  "the token count is 12; sk-learn-pipeline-for-the-experiment",
  "/subscriptions/0000/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/ws",
  "{not json, but a brace",
  '{"json": "without secrets",   "spaces": "kept"}',
  "[1, 2,  3]",
  "éèà 😀 ligature",
];

for (const text of harmlessTexts) {
  Deno.test(`leaves the text ${text} as it is`, () => {
    const record = { ...job, description: text, definition: { command: text } };
    const { value, redacted } = redactJob(record);
    assert.equal(value, record);
    assert.deepEqual(redacted, []);
  });
}

Deno.test("leaves identity, metrics, artifacts and the rows of tables alone, but not the texts in rows", () => {
  const record = {
    ...job,
    source: "azureml://x",
    metrics: { token: [[0, 1, 2]], token_count: [[0, 1, 2]] },
    artifacts: { store: null, files: [{ path: "outputs/password=x/token", size: 1 }] },
    tables: [{ name: "words", type: null, rows: [{ token: "the", score: 1 }, { token: `?sig=${S}` }] }],
  };
  const { value, redacted } = redactJob(record);
  assert.deepEqual(value, {
    ...record,
    tables: [{ ...record.tables[0], rows: [{ token: "the", score: 1 }, { token: `?sig=${X}` }] }],
  });
  assert.deepEqual(redacted, ["tables.0.rows.1.token"]);
  assert.equal(value.metrics, record.metrics);
});

Deno.test("a long text without secrets is looked at in a moment", () => {
  const texts = [
    "a=b;".repeat(250_000),
    "token ".repeat(150_000),
    "x".repeat(1_000_000),
    "--password".repeat(100_000),
    "a://".repeat(250_000),
    "https://a".repeat(100_000),
    "git+https://".repeat(80_000),
    "eyJ".repeat(300_000),
    "%26".repeat(300_000),
    "token " + "a.".repeat(500_000),
    "-eyJ".repeat(250_000),
    ";SharedSecret".repeat(70_000),
    "Bearer 1".repeat(120_000),
  ];
  for (const text of texts) {
    const start = performance.now();
    redactJob({ ...job, definition: { text } });
    const took = performance.now() - start;
    assert.ok(took < 2000, `${text.slice(0, 10)}... took ${took} ms`);
  }
});
