import assert from "node:assert/strict";
import { Lab, ofKind } from "../e2e/lab.ts";

let lab: Lab;
/** The text of the config that works. */
let good: string;

Deno.test.beforeAll(async () => {
  lab = await Lab.start({ runs: [], targets: 1 });
  good = await lab.shell.read("a.json");
});
Deno.test.afterAll(() => lab.stop());

interface Slip {
  readonly name: string;
  /** What goes wrong with the text of the config that works. */
  readonly make: (text: string) => string;
  readonly code: 2 | 4;
  /** The one line on stderr. */
  readonly says: RegExp;
}

const SLIPS: readonly Slip[] = [
  {
    name: "a missing key",
    make: (text) => text.replace(/.*workspace_name.*\n/, ""),
    code: 2,
    says:
      /^azml: error: c\.json:1: "workspace_name" is missing; add "workspace_name": "\.\.\." \[config_missing_key\]$/,
  },
  {
    name: "an unknown key",
    make: (text) => text.replace('"credential"', '"credentials"'),
    code: 2,
    says:
      /^azml: error: c\.json:6: unknown key "credentials"; did you mean "credential"\? \[config_unknown_key\]$/,
  },
  {
    name: "an unknown key further down",
    make: (text) => text.replace('"blob"', '"blobs"'),
    code: 2,
    says:
      /^azml: error: c\.json:9: unknown key "endpoints\.blobs"; did you mean "blob"\? \[config_unknown_key\]$/,
  },
  {
    name: "a misspelled key that must be there",
    make: (text) => text.replace('"workspace_name"', '"workspace"'),
    code: 2,
    says: /^azml: error: c\.json:4: unknown key "workspace"; .*\[config_unknown_key\]$/,
  },
  {
    name: "a missing comma",
    make: (text) => text.replace('rg-source",', 'rg-source"'),
    code: 2,
    says: /^azml: error: c\.json:4: unexpected token.*must be JSON, comments are allowed \[bad_jsonc\]$/,
  },
  {
    name: "a file that was cut short",
    make: (text) => text.slice(0, 60),
    code: 2,
    says: /^azml: error: c\.json:2: .*must be JSON, comments are allowed \[bad_jsonc\]$/,
  },
  {
    name: "an empty file",
    make: () => "",
    code: 2,
    says: /^azml: error: c\.json:1: .*must be JSON.*\[bad_jsonc\]$/,
  },
  {
    name: "a list",
    make: (text) => `[${text}]`,
    code: 2,
    says: /^azml: error: c\.json: a config is an object in \{ \} \[bad_config\]$/,
  },
  {
    name: "a number where text belongs",
    make: (text) => text.replace('"rg-source"', "5"),
    code: 2,
    says: /^azml: error: c\.json:3: "resource_group" must be text in quotes \[config_bad_value\]$/,
  },
  {
    name: "an unknown credential",
    make: (text) => text.replace('"cli"', '"password"'),
    code: 2,
    says: /^azml: error: c\.json:6: "credential" must be one of "default", "cli".*\[config_bad_value\]$/,
  },
  {
    name: "ARM in clear on another machine",
    make: (text) => text.replace(/http:\/\/[^"/]+"/, 'http://10.0.0.1:8801"'),
    code: 2,
    says:
      /^azml: error: c\.json:8: "endpoints\.resource_manager" must be an https:\/\/ address \(http:\/\/ on this machine alone\) \[config_bad_value\]$/,
  },
  {
    name: "blobs in clear on another machine",
    make: (text) => text.replace(/http:\/\/[^"/]+\//, "http://blobs.example/"),
    code: 2,
    says:
      /^azml: error: c\.json:9: "endpoints\.blob" must be an https:\/\/ address \(http:\/\/ on this machine alone\) \[config_bad_value\]$/,
  },
  {
    name: "an unknown cloud",
    make: (text) => text.replace('"credential"', '"cloud": "MoonCloud",\n "credential"'),
    code: 2,
    says: /^azml: error: c\.json:6: "cloud" must be one of AzureCloud, .*\[config_bad_value\]$/,
  },
  {
    name: "a wrong tenant",
    make: (text) => text.replace(/("tenant_id": ")[^"]*/, "$17e4a4700-0000-4000-8000-00000000000b"),
    code: 4,
    says:
      /^azml: error: c\.json:5: "tenant_id" is 7e4a4700-0000-4000-8000-00000000000b, which is not the workspace's tenant; say "tenant_id": "7e4a4700-0000-4000-8000-00000000000a" \[wrong_tenant\]$/,
  },
];

for (const { name, make, code, says } of SLIPS) {
  Deno.test(`${name}: one line with file, line, key and remedy, exit ${code}, as source and as target`, async () => {
    const slipped = make(good);
    assert.notEqual(slipped, good);
    await lab.shell.write("c.json", slipped);
    for (
      const line of [
        "azml extract --source c.json",
        "azml submit --target c.json < /dev/null",
        "azml verify --target c.json < /dev/null",
        "azml replay --source c.json --target b.json",
      ]
    ) {
      lab.emulator.forgetRequests();
      const done = await lab.run(line);
      assert.deepEqual([done.code, done.stdout], [code, ""], done.stderr);
      assert.match(done.stderr.trimEnd(), says);
      assert.equal(done.stderr.split("\n").length, 2, "one line");
      if (code === 2) assert.deepEqual(lab.emulator.requests(), [], "nothing was sent");
    }
  });
}

Deno.test("comments, trailing commas and a byte order mark are no slips", async () => {
  const commented = "\uFEFF// the source\n" + good.replace(/\n}\s*$/, ", /* no more */\n}");
  await lab.shell.write("c.json", commented);
  const first = await lab.run("azml extract --source c.json");
  assert.equal(first.code, 0, first.stderr);
  assert.equal(ofKind(first.stdout, "end").length, 1);
});

Deno.test("without an option the usual places are read, .azureml/config.json first", async () => {
  await lab.run("mkdir -p .azureml && cp a.json .azureml/config.json && echo broken > config.json");
  assert.equal((await lab.run("azml extract")).code, 0);
  await lab.run("rm -r .azureml && cp a.json config.json");
  assert.equal((await lab.run("azml extract")).code, 0);
  await lab.run("rm config.json");
  assert.equal((await lab.run("azml extract")).code, 2);
});

Deno.test("a workspace can be named by its id where sign-in and place are known otherwise", async () => {
  const { subscription, resourceGroup, name } = lab.source.facts;
  const arm =
    `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.MachineLearningServices/workspaces/${name}`;
  const tracking = `azureml://127.0.0.1:${lab.emulator.port}/mlflow/v1.0${arm}`;
  const { code, stdout, stderr } = await lab.run(`azml extract --source '${tracking}'`);
  assert.equal(code, 0, stderr);
  assert.equal(ofKind(stdout, "end")[0]?.["complete"], true);
});

Deno.test("a workspace that is not there, a folder and what is no MLflow server are said to be so: exit 2", async () => {
  await lab.shell.write("c.json", good.replace("ws-source", "ws-elsewhere"));
  const cases: readonly (readonly [string, RegExp])[] = [
    ["c.json", /there is no workspace .*ws-elsewhere.*\n.*check subscription_id, .* in c\.json/],
    [".", /is a folder; this version of azml cannot read from folders yet/],
    [
      `http://127.0.0.1:${lab.emulator.port}/x`,
      /127\.0\.0\.1:\d+\/x is no MLflow server.*\n.*check the address/,
    ],
    ["databricks://profile", /untested with Databricks/],
    ["none.json", /none\.json: there is no such file or folder/],
    ["''", /an empty name names no config/],
    ["azureml://nothing", /names no workspace; the form is/],
  ];
  for (const [side, says] of cases) {
    const { code, stdout, stderr } = await lab.run(`azml extract --source ${side}`);
    assert.deepEqual([code, stdout], [2, ""], stderr);
    assert.match(stderr, says);
  }
});

Deno.test("no az, an az that is not signed in, an az that says nonsense: exit 4 and what to do", async () => {
  await lab.run(
    "mkdir -p none out odd && printf '#!/bin/sh\\necho \"ERROR: Please run az login to setup account.\" >&2; exit 1' > out/az && printf '#!/bin/sh\\necho hello' > odd/az && chmod +x out/az odd/az",
  );
  await lab.run(`ln -s "$(dirname "$(command -v deno)")/deno" none/deno`);
  const cases: readonly (readonly [string, RegExp])[] = [
    ["none:/usr/bin:/bin", /install the Azure CLI .*or set another `credential` in the config/],
    ["out:$PATH", /run `az login --tenant 7e4a4700-0000-4000-8000-00000000000a`/],
    ["odd:$PATH", /could not get a token for https:\/\/management\.azure\.com/],
  ];
  for (const [path, says] of cases) {
    const { code, stdout, stderr } = await lab.run(`PATH=$PWD/bin:$PWD/${path} azml extract --source a.json`);
    assert.deepEqual([code, stdout], [4, ""], stderr);
    assert.match(stderr, says);
    assert.doesNotMatch(stderr, /this is a bug/);
  }
});

Deno.test("nobody listens: exit 5, told with the address, at once when no retries are wanted", async () => {
  await lab.shell.write("c.json", good.replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:1"));
  for (const line of ["azml extract --source c.json", "azml submit --target c.json < /dev/null"]) {
    const { code, stderr } = await lab.run(`AZML_RETRIES=0 ${line}`);
    assert.equal(code, 5, stderr);
    assert.match(stderr, /at 127\.0\.0\.1:1 got no answer.*\n.*run it again to continue/);
  }
  const wrong = await lab.run("AZML_RETRIES=many azml extract --source c.json");
  assert.deepEqual([wrong.code, wrong.stdout], [2, ""]);
  assert.match(wrong.stderr, /AZML_RETRIES is a whole number/);
});

Deno.test("a role that is missing is exit 4 and named", async () => {
  lab.emulator.fault({
    match: "arm.workspace.get",
    action: { kind: "fail", status: 403, code: "AuthorizationFailed" },
  });
  try {
    const { code, stdout, stderr } = await lab.run("azml extract --source a.json");
    assert.deepEqual([code, stdout], [4, ""], stderr);
    assert.match(stderr, /needs at least the Reader role on the workspace/);
  } finally {
    lab.emulator.clearFaults();
  }
});
