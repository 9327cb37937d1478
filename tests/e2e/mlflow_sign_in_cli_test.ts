import assert from "node:assert/strict";
import type { MlflowDouble, MlflowOptions } from "../mlflow/start.ts";
import { startMlflow } from "../mlflow/start.ts";
import { ofKind } from "./lab.ts";
import { Shell } from "./shell.ts";

const TOKEN = "the-token-of-the-source";

/** Runs a body with a double of an MLflow server and a folder to work in. */
async function withServer(
  options: MlflowOptions,
  body: (server: MlflowDouble, shell: Shell) => Promise<void>,
): Promise<void> {
  const server = await startMlflow({ runs: 2, files: 1, ...options });
  try {
    await using shell = await Shell.make();
    await body(server, shell);
  } finally {
    await server.stop();
  }
}

interface Way {
  readonly name: string;
  readonly auth: NonNullable<MlflowOptions["auth"]>;
  /** Variables before the command. */
  readonly env: string;
  /** `auth` of the config; the address alone is named when absent. */
  readonly config?: unknown;
  readonly userinfo?: string;
}

const BEARER = { token: TOKEN };
const BASIC = { username: "ann", password: "p w:ü" };

const WAYS: readonly Way[] = [
  { name: "MLFLOW_TRACKING_TOKEN", auth: BEARER, env: `MLFLOW_TRACKING_TOKEN=${TOKEN}` },
  {
    name: "MLFLOW_TRACKING_USERNAME and _PASSWORD",
    auth: BASIC,
    env: "MLFLOW_TRACKING_USERNAME=ann MLFLOW_TRACKING_PASSWORD='p w:ü'",
  },
  { name: "a variable that the config names", auth: BEARER, env: `T=${TOKEN}`, config: { token_env: "T" } },
  {
    name: "two variables that the config names",
    auth: BASIC,
    env: "U=ann P='p w:ü'",
    config: { username_env: "U", password_env: "P" },
  },
  { name: "a file beside the config", auth: BEARER, env: "", config: { token_file: "token" } },
  { name: "the address", auth: BASIC, env: "", userinfo: "ann:p%20w%3A%C3%BC@" },
];

for (const { name, auth, env, config, userinfo = "" } of WAYS) {
  Deno.test(`a server is signed in to with ${name}; the secret shows nowhere`, async () => {
    await withServer({ auth }, async ({ url }, shell) => {
      await shell.write("token", `${TOKEN}\n`);
      await shell.write("c.json", JSON.stringify({ mlflow_tracking_uri: url, auth: config }));
      const source = config === undefined ? url.replace("//", `//${userinfo}`) : "c.json";
      const { code, stdout, stderr } = await shell.run(`${env} azml extract -v --source '${source}'`);
      assert.equal(code, 0, stderr);
      assert.equal(ofKind(stdout, "job").length, 2);
      assert.doesNotMatch(stdout + stderr, new RegExp(`${TOKEN}|p w:ü|p%20w`));
    });
  });
}

Deno.test("a refused sign-in ends with exit 4 and says what to do", async () => {
  await withServer({ auth: BEARER }, async ({ url }, shell) => {
    const { code, stdout, stderr } = await shell.run(
      `MLFLOW_TRACKING_TOKEN=wrong azml extract --source ${url}`,
    );
    assert.deepEqual([code, ofKind(stdout, "job")], [4, []], stderr);
    assert.match(stderr, /answered 401 .*\n.*the token was refused: check `auth` of the config/);
    assert.doesNotMatch(stderr, /wrong/);
    const target = await shell.run(`echo '{"kind":"job","v":1,"id":"a"}' | azml submit --target ${url}`);
    assert.equal(target.code, 4, target.stderr);
    assert.match(target.stderr, /the server wants a sign-in/);
  });
});

Deno.test("a certificate of one's own CA is trusted where the config names it", async () => {
  await withServer({ prefix: "/team" }, async (server, shell) => {
    const secure = server.url.replace("http:", "https:");
    await shell.write("ca.pem", server.ca);
    await shell.write("c.json", JSON.stringify({ mlflow_tracking_uri: secure, ca_file: "ca.pem" }));
    const good = await shell.run("azml extract --source c.json");
    assert.equal(good.code, 0, good.stderr);
    assert.equal(ofKind(good.stdout, "job")[0]?.["source"], `mlflow+${secure}`);
    const bad = await shell.run(`azml extract --source ${secure}`);
    assert.equal(bad.code, 5, bad.stderr);
    assert.match(bad.stderr, /certificate is not trusted: name the CA as `ca_file`/);
  });
});

Deno.test("files of a server that wants a sign-in are read with --source, and not without", async () => {
  await withServer({ auth: BEARER }, async (source, shell) => {
    const target = await startMlflow();
    try {
      await shell.write(
        "c.json",
        JSON.stringify({ mlflow_tracking_uri: source.url, auth: { token_env: "T" } }),
      );
      const env = `T=${TOKEN}`;
      const extracted = await shell.run(`${env} azml extract --kinds job --source c.json > a.ndjson`);
      assert.equal(extracted.code, 0, extracted.stderr);
      const without = await shell.run(`azml submit --target ${target.url} < a.ndjson`);
      assert.equal(without.code, 3, without.stderr);
      assert.match(without.stdout, /"hint":"azml sends no credentials there: pass --source/);
      const all = await shell.run(`${env} azml submit --source c.json --target ${target.url} < a.ndjson`);
      assert.equal(all.code, 0, all.stderr);
      assert.deepEqual(ofKind(all.stdout, "receipt").map((one) => one["outcome"]), ["adopted", "adopted"]);
    } finally {
      await target.stop();
    }
  });
});

Deno.test("replay reads files with the sign-in of its source, whatever names it", async () => {
  await withServer({ auth: BEARER }, async (source, shell) => {
    const target = await startMlflow();
    try {
      await shell.write(
        "config.json",
        JSON.stringify({ mlflow_tracking_uri: source.url, auth: { token_env: "T" } }),
      );
      const { code, stdout, stderr } = await shell.run(
        `T=${TOKEN} azml replay --kinds job --target ${target.url}`,
      );
      assert.equal(code, 0, stderr);
      assert.deepEqual(ofKind(stdout, "receipt").map((one) => one["outcome"]), ["created", "created"]);
    } finally {
      await target.stop();
    }
  });
});

Deno.test("a workspace of a server is a side of its own", async () => {
  await withServer({ workspaces: true, runs: 0 }, async ({ url, requests }, shell) => {
    const { code, stderr } = await shell.run(`MLFLOW_WORKSPACE=default azml extract --source ${url}`);
    assert.equal(code, 0, stderr);
    assert.ok(requests().length > 0);
    await shell.write("c.json", JSON.stringify({ mlflow_tracking_uri: url, mlflow_workspace: "nobody" }));
    const other = await shell.run("azml extract --source c.json");
    assert.equal(other.code, 2, other.stderr);
    assert.match(other.stderr, /workspace nobody/);
  });
});
