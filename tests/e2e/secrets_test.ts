import assert from "node:assert/strict";
import { RUN_TOKEN } from "../emulator/history/run_view.ts";
import type { ScenarioRun } from "../emulator/scenario/schema.ts";
import { rowsOf, runOf } from "./arrived.ts";
import { Lab, ofKind } from "./lab.ts";

/** A secret planted somewhere; it is to be found nowhere. Letters and digits, so that no encoding hides it. */
const canary = (where: string) => `CANARY${where}0123456789abcdef`;

const SAS_URL = `https://acct.blob.core.windows.net/c/p.csv?sv=2024-01-01&sp=r&sig=${canary("Sas")}%3D`;
const JWT = `eyJhbGciOiJub25lIn0.eyJ${canary("Jwt")}.${canary("Jwt")}`;

/** A job whose author was careless everywhere, and whose service put secrets into what it answers. */
const CARELESS: ScenarioRun = {
  id: "careless_job",
  experiment: "secrets",
  run_type: "azureml.scriptrun",
  description: `data from ${SAS_URL}`,
  tags: {
    where: SAS_URL,
    hf_token: canary("TagToken"),
    harmless: "kept",
    max_tokens: "512",
    [SAS_URL]: "a name",
  },
  params: { api_key: canary("Param"), token_count: "17", url: `postgres://u:${canary("Url")}@db/x` },
  properties: {
    "x-azureml-token": canary("AzuremlToken"),
    connection: `Endpoint=x;AccountKey=${canary("Connection")};`,
  },
  metrics: [
    { name: "loss", points: [[0, "2024-03-04T09:00:00Z", 0.5]] },
    { name: `loss of ?sig=${canary("Metric")}`, points: [[0, "2024-03-04T09:00:00Z", 0.25]] },
    {
      name: "samples",
      type: "azureml.v1.table",
      columns: { image: "String", score: "Double" },
      rows: [{ step: 0, data: { image: SAS_URL, score: 0.5 } }],
    },
  ],
  artifacts: [{ path: "outputs/a.txt", text: "bytes\n" }],
  inputs: { data: { assetId: SAS_URL, type: "UriFile" } },
  definition: {
    jobType: "Command",
    command: `curl -H "Authorization: Bearer ${JWT}" x && login --password ${
      canary("Command")
    } && export DB_PASSWORD=${canary("Export")}`,
    environmentVariables: { ANY_NAME: canary("Variable"), OTHER: canary("Other") },
    environmentId: "azureml:env:1",
    tags: { [SAS_URL]: "a name" },
    repository: `https://${canary("User")}@github.com/x`,
    inputs: { data: { jobInputType: "uri_file", uri: SAS_URL } },
    outputs: {},
    resources: { properties: { secretAccessKey: canary("Resource") } },
  },
};

const STEP: ScenarioRun = {
  id: "careless_step",
  run_type: "azureml.StepRun",
  tags: { log: `Bearer ${canary("Bearer")}` },
  params: { client_secret: canary("StepParam") },
};

let lab: Lab;
/** All that azml wrote, by what wrote it. */
const written = new Map<string, string>();

Deno.test.beforeAll(async () => {
  lab = await Lab.start({
    runs: [{ ...CARELESS, children: [STEP] }],
    settings: { alwaysSas: true },
    targets: 2,
  });
  lab.emulator.fault({
    match: "blob.list",
    times: 1,
    action: { kind: "fail", status: 503, message: echoed() },
  });
  lab.emulator.fault({
    match: "metric.list",
    times: 1,
    action: { kind: "fail", status: 503, message: echoed() },
  });
  await run("extract", "azml extract -v --source a.json > all.ndjson; code=$?; cat all.ndjson; (exit $code)");
  await run(
    "plan",
    "azml plan -v --tree < all.ndjson > units.ndjson; code=$?; cat units.ndjson; (exit $code)",
  );
  lab.emulator.fault({ match: "run.modify", times: 1, action: { kind: "throttle", retryAfter: 0 } });
  await run("submit", "azml submit -v --target b.json < units.ndjson");
  await run("submit again", "azml submit -v --log-format json --target b.json < all.ndjson");
  await run("verify", "azml verify -v --target b.json < all.ndjson");
  await run("tree", "azml tree < all.ndjson");
  await run("filter", "azml filter -v < all.ndjson");
});
Deno.test.afterAll(() => lab.stop());

/** A message in which a service repeats what it was sent. */
function echoed(): string {
  return `refused ${SAS_URL} with Authorization: Bearer ${JWT} and AccountKey=${canary("Echo")};`;
}

async function run(name: string, line: string): Promise<void> {
  const { code, stdout, stderr } = await lab.run(line);
  assert.equal(code, 0, `${name}: ${stderr}`);
  written.set(`stdout of ${name}`, stdout);
  written.set(`stderr of ${name}`, stderr);
}

/** Everything that must stand nowhere: planted, made by the emulator, or a token of the stand-in az. */
function assertClean(text: string, where: string): void {
  for (const found of text.matchAll(/CANARY[A-Za-z]+/g)) assert.fail(`${found[0]} in ${where}`);
  for (const key of ["a", "b"]) {
    const secret = lab.emulator.workspace(key).storage.key;
    assert.ok(secret.length > 20);
    assert.ok(!text.includes(secret), `the account key of ${key} in ${where}`);
    assert.ok(!text.includes(encodeURIComponent(secret)), `the account key of ${key} in ${where}`);
  }
  assert.ok(!text.includes(RUN_TOKEN), `the run token in ${where}`);
  assert.doesNotMatch(text, /sig=(?!<redacted>)/i, `a SAS in ${where}`);
  assert.doesNotMatch(text, /eyJ[\w-]{8,}\./, `a token in ${where}`);
}

Deno.test("no secret stands in a record, or in a line on stderr, however much is asked for", () => {
  assert.equal(written.size, 14);
  for (const [where, text] of written) assertClean(text, where);
});

Deno.test("what was read with SAS and keys did arrive: the secrets were in use", () => {
  const steps = lab.emulator.requests().map(({ route }) => route);
  assert.ok(steps.includes("arm.datastores.listSecrets"));
  assert.ok(steps.includes("blob.list"));
  const run = runOf(lab.emulator.workspace("b"), "careless_job");
  assert.equal(rowsOf(run, "loss").length, 1);
});

Deno.test("records say what was taken out, and keep what is harmless", () => {
  const job = ofKind(written.get("stdout of extract") ?? "", "job").find(({ id }) => id === "careless_job");
  const { tags, params, properties, definition } = Object(job);
  assert.deepEqual([tags.harmless, tags.max_tokens, params.token_count], ["kept", "512", "17"]);
  assert.deepEqual(
    [tags.hf_token, params.api_key, properties["x-azureml-token"]],
    Array(3).fill("<redacted>"),
  );
  assert.deepEqual(definition.environmentVariables, { ANY_NAME: "<redacted>", OTHER: "<redacted>" });
  assert.match(
    tags.where,
    /^https:\/\/acct\.blob\.core\.windows\.net\/c\/p\.csv\?sv=2024-01-01&sp=r&sig=<redacted>/,
  );
  const redacted = job?.["redacted"];
  assert.ok(Array.isArray(redacted));
  const paths = [
    "tags.hf_token",
    "params.api_key",
    "tables.0.rows.*.image",
    "metrics.loss of ?sig=<redacted>",
  ];
  for (const path of paths) {
    assert.ok(redacted.includes(path), `${path} in ${redacted}`);
  }
  for (const part of ["environmentVariables", "definition.tags.https://", "definition.repository"]) {
    assert.ok(redacted.some((path) => String(path).includes(part)), `${part} in ${redacted}`);
  }
});

Deno.test("no secret is written to the target: not in a run, nor in the file beside it", async () => {
  const { state } = { state: lab.emulator.workspace("b") };
  assert.equal(state.runs.size, 2);
  for (const run of state.runs.values()) {
    const { tags, properties, parameters, displayName, description } = run;
    assertClean(JSON.stringify({ tags, properties, parameters, displayName, description }), run.runId);
  }
  const files = await state.storage.list("azureml", "ExperimentRun/");
  assert.ok(files.some(({ name }) => name.endsWith("azml/original.json")));
  for (const { name } of files) {
    const bytes = await state.storage.read("azureml", name);
    assertClean(new TextDecoder().decode(bytes ?? new Uint8Array()), name);
  }
});

Deno.test("no secret stands in a failure: refused files, refused requests, an az that says too much", async () => {
  const cases: readonly (readonly [name: string, match: string, status: number, line: string])[] = [
    ["a refused file", "^PUT .*a\\.txt", 403, "azml submit -v --target b1.json < all.ndjson"],
    ["a refused listing", "blob.list", 403, "azml extract -v --source a.json"],
    ["a refused metric", "metric.full", 403, "azml extract -v --source a.json"],
    ["a refused run", "run\\.(upsert|modify)", 400, "azml submit -v --target b1.json < all.ndjson"],
    ["a refused workspace", "arm.workspace.get", 403, "azml extract -v --source a.json"],
  ];
  for (const [name, match, status, line] of cases) {
    lab.emulator.fault({ match, action: { kind: "fail", status, message: echoed() } });
    const { code, stdout, stderr } = await lab.run(line);
    lab.emulator.clearFaults();
    assert.ok([3, 4].includes(code), `${name}: ${code} ${stderr}`);
    assertClean(stdout + stderr, name);
    assert.match(stdout + stderr, new RegExp(`${status}`), `${name} is told`);
  }
  await lab.run(
    `mkdir -p odd && printf '#!/bin/sh\\necho "{\\\\"accessToken\\\\": \\\\"${JWT}\\\\"" >&2; exit 1' > odd/az && chmod +x odd/az`,
  );
  const az = await lab.run("PATH=$PWD/bin:$PWD/odd:$PATH azml extract -v --source a.json");
  assert.equal(az.code, 4, az.stderr);
  assertClean(az.stdout + az.stderr, "a sign-in that failed");
});

Deno.test("an address with a password is told without it", async () => {
  const { code, stderr } = await lab.run(
    `AZML_RETRIES=0 azml extract -v --source https://user:${canary("Source")}@127.0.0.1:1/`,
  );
  assert.equal(code, 5, stderr);
  assertClean(stderr, "stderr");
});

Deno.test("a bad line with a secret in it is told without it", async () => {
  const { code, stdout, stderr } = await lab.run(
    "azml plan",
    `{"kind":"job","v":1,"id":"x","password":"${canary("Line")}\n${SAS_URL}\n`,
  );
  assert.equal(code, 7);
  assertClean(stdout + stderr, "an error record");
});
