import assert from "node:assert/strict";
import { makeToken } from "../emulator/auth/make_token.ts";
import type { FaultAction } from "../emulator/faults.ts";
import { emptyWorkspaces } from "../emulator/scenario/read_scenario.ts";
import { type Emulator, startEmulator } from "../emulator/start.ts";
import { TestClient } from "../emulator/test_client.ts";

const ARM = "https://management.azure.com";

async function withEmulator(
  options: Parameters<typeof startEmulator>[0],
  use: (emulator: Emulator, client: TestClient) => Promise<void>,
): Promise<void> {
  const emulator = await startEmulator(options);
  try {
    await use(emulator, new TestClient(emulator));
  } finally {
    await emulator.stop();
  }
}

Deno.test("one port: http, https with its own CA, and real host names behind CONNECT", async () => {
  await withEmulator({ scenario: { workspaces: emptyWorkspaces() } }, async (emulator, { path }) => {
    const { tenant } = emulator.workspace("a").facts;
    const headers = { authorization: `Bearer ${makeToken(ARM, tenant)}` };
    const caCerts = [await Deno.readTextFile(emulator.ca)];
    using direct = Deno.createHttpClient({ caCerts });
    using proxied = Deno.createHttpClient({ caCerts, proxy: { url: emulator.url } });
    const cases: [string, Deno.HttpClient | null, string][] = [
      [emulator.url, null, `${emulator.url}/discovery`],
      [`https://127.0.0.1:${emulator.port}`, direct, `https://127.0.0.1:${emulator.port}/discovery`],
      [ARM, proxied, "https://eastus.api.azureml.ms/discovery"],
    ];
    for (const [base, client, discovery] of cases) {
      const init = client === null ? {} : { client };
      const answer = await fetch(`${base}${path}?api-version=2024-10-01`, { headers, ...init });
      const { properties } = await answer.json();
      assert.equal(properties.discoveryUrl, discovery);
      const found = await fetch(discovery, init);
      assert.equal((await found.json()).api, discovery.replace("/discovery", ""));
    }
  });
});

Deno.test("tokens: audience, tenant and end count", async () => {
  await withEmulator({ scenario: { workspaces: emptyWorkspaces() } }, async (emulator, client) => {
    const { tenant } = emulator.workspace("a").facts;
    const other = emulator.workspace("b").facts.tenant;
    const cases: [string, number, string | undefined][] = [
      ["", 401, "AuthenticationFailed"],
      ["Bearer nonsense", 401, "InvalidAuthenticationToken"],
      [`Bearer ${makeToken(ARM, tenant)}`, 200, undefined],
      [`Bearer ${makeToken(`${ARM}/`, tenant)}`, 200, undefined],
      [`Bearer ${makeToken(`https://127.0.0.1:${emulator.port}`, tenant)}`, 200, undefined],
      [`Bearer ${makeToken("https://ml.azure.com", tenant)}`, 401, "InvalidAuthenticationTokenAudience"],
      [`Bearer ${makeToken(ARM, other)}`, 401, "InvalidAuthenticationTokenTenant"],
      [`Bearer ${makeToken(ARM, tenant, -10)}`, 401, "ExpiredAuthenticationToken"],
    ];
    for (const [authorization, status, code] of cases) {
      const answer = await client.send("GET", "", undefined, { authorization });
      assert.equal(answer.status, status, authorization);
      assert.equal(JSON.parse(answer.text).error?.code, code);
    }
    const data = `/history/v1.0${client.path}/runs/none`;
    for (
      const [audience, status] of [["https://ml.azure.com", 404], [ARM, 404], [
        "https://storage.azure.com",
        401,
      ]] as const
    ) {
      const answer = await client.fetch(data, "GET", undefined, {
        authorization: `Bearer ${makeToken(audience, tenant)}`,
      });
      assert.equal(answer.status, status, audience);
    }
  });
});

Deno.test("the stand-in az makes tokens that the emulator takes", async () => {
  await withEmulator({ scenario: { workspaces: emptyWorkspaces() } }, async (emulator, client) => {
    const { tenant } = emulator.workspace("b").facts;
    const run = await new Deno.Command("az", {
      args: ["account", "get-access-token", "--output", "json", "--resource", ARM, "--tenant", tenant],
      env: { PATH: `${emulator.bin}:${Deno.env.get("PATH")}` },
    }).output();
    const answer = JSON.parse(new TextDecoder().decode(run.stdout));
    assert.equal(answer.tenant, tenant);
    assert.equal(answer.tokenType, "Bearer");
    assert.ok(answer.expires_on * 1000 > Date.now());
    const target = new TestClient(emulator, "b");
    const authorization = `Bearer ${answer.accessToken}`;
    assert.equal((await target.send("GET", "", undefined, { authorization })).status, 200);
    assert.equal((await client.send("GET", "", undefined, { authorization })).status, 401);
  });
});

Deno.test("faults: each action does what it says, as often as it says", async () => {
  await withEmulator({ scenario: { workspaces: emptyWorkspaces() } }, async (emulator, client) => {
    const put = (name: string) =>
      client.send("PUT", `/jobs/${name}`, {
        properties: { jobType: "Command", command: "x", environmentId: "e" },
      });
    const cases: [string, FaultAction, number | null, boolean][] = [
      ["throttled", { kind: "throttle", retryAfter: 7 }, 429, false],
      ["failed", { kind: "fail", status: 503 }, 503, false],
      ["reset", { kind: "reset" }, null, false],
      ["dropped", { kind: "drop" }, null, true],
      ["cut", { kind: "cut" }, null, true],
    ];
    for (const [name, action, status, done] of cases) {
      emulator.clearFaults();
      emulator.fault({ match: "arm.jobs.put", times: 1, action });
      const answer = await put(name).catch(() => null);
      assert.equal(answer?.status ?? null, status, name);
      assert.equal(emulator.workspace("a").runs.has(name), done, name);
      if (action.kind === "throttle") assert.equal(answer?.headers.get("retry-after"), "7");
    }
    emulator.clearFaults();
    emulator.fault({ match: /PUT .*jobs\/late/, after: 1, action: { kind: "fail", status: 500 } });
    assert.deepEqual([(await put("late")).status, (await put("late")).status], [201, 500]);
  });
});

Deno.test("another process steers faults and settings and reads the log", async () => {
  await withEmulator({ scenario: { workspaces: emptyWorkspaces() } }, async (emulator, client) => {
    const rule = { match: "arm.workspace.get", times: 1, action: { kind: "fail", status: 418 } };
    await client.fetch("/emulator/faults", "POST", rule);
    assert.equal((await client.send("GET", "")).status, 418);
    assert.equal((await client.send("GET", "")).status, 200);
    await client.fetch("/emulator/settings", "PATCH", { armPageSize: 77 });
    assert.equal(emulator.settings.armPageSize, 77);
    const lines = (await client.fetch("/emulator/requests")).text.trimEnd().split("\n").map((line) =>
      JSON.parse(line)
    );
    assert.equal(lines.find((line) => line.status === 418)?.fault, "fail");
  });
});

Deno.test("the log judges each request itself, and holds no signatures", async () => {
  const logFile = await Deno.makeTempFile();
  await withEmulator({ logFile, scenario: { workspaces: emptyWorkspaces() } }, async (emulator, client) => {
    const secrets = await client.send("POST", "/datastores/workspaceartifactstore/listSecrets", {
      expirableSecret: true,
    }, {
      "x-ms-client-request-id": "my-id",
    });
    await client.send("PUT", "/jobs/j", { properties: { jobType: "Command", command: "x" } });
    const blob = `/azmlsource/azureml/x?${secrets.body.sasToken}`;
    await client.fetch(blob, "PUT", "hello", { authorization: "", "x-ms-blob-type": "BlockBlob" });
    await client.fetch(blob, "GET", undefined, { authorization: "" });
    const lines = emulator.requests().map(({ route, effect, workspace, clientRequestId }) =>
      [route, effect, workspace, clientRequestId] as const
    );
    assert.deepEqual(lines, [
      ["arm.datastores.listSecrets", "read", "a", "my-id"],
      ["arm.jobs.put", "write", "a", null],
      ["blob.put", "write", "a", null],
      ["blob.get", "read", "a", null],
    ]);
    const file = await Deno.readTextFile(logFile);
    assert.equal(file.trimEnd().split("\n").length, 4);
    assert.ok(!/sig=[^.]/.test(file));
  });
  await Deno.remove(logFile);
});

Deno.test("nothing is left behind when the emulator's process is killed", async () => {
  const code = `import { startEmulator } from "./tests/emulator/start.ts";
    const emulator = await startEmulator({ generate: { jobs: 1 } });
    console.log(emulator.workspace("a").storage.url(emulator.url, "azureml"), emulator.port);
    setInterval(() => {}, 1000);`;
  const root = new URL("../../", import.meta.url);
  const parent = new Deno.Command(Deno.execPath(), {
    args: ["eval", code],
    cwd: root,
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const lines = parent.stdout.getReader();
  await lines.read();
  const child = await childOf(parent.pid);
  parent.kill("SIGKILL");
  await parent.status;
  await lines.cancel();
  assert.equal(await isGone(child, 5000), true);
});

async function childOf(pid: number): Promise<number> {
  const output = await new Deno.Command("ps", { args: ["-o", "pid=", "--ppid", String(pid)] }).output();
  const child = Number(new TextDecoder().decode(output.stdout).trim());
  assert.ok(child > 0);
  return child;
}

async function isGone(pid: number, within: number): Promise<boolean> {
  const end = Date.now() + within;
  while (Date.now() < end) {
    const { code } = await new Deno.Command("ps", { args: ["-p", String(pid)], stdout: "null" }).output();
    if (code !== 0) return true;
  }
  return false;
}
