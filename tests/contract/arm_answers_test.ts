import assert from "node:assert/strict";
import { isJsonObject, type JsonObject, type JsonValue } from "../../src/records/json.ts";
import { emptyWorkspaces } from "../emulator/scenario/read_scenario.ts";
import { type Emulator, startEmulator } from "../emulator/start.ts";
import { TestClient } from "../emulator/test_client.ts";

const FIXTURES = new URL("../fixtures/azure-ml/recordings/", import.meta.url);
const scenario = { workspaces: emptyWorkspaces() };

interface Recording {
  readonly request: { method: string; uri: string; body: JsonValue };
  readonly response: { status: number; body: JsonObject };
}

async function recording(name: string): Promise<Recording> {
  return JSON.parse(await Deno.readTextFile(new URL(`${name}.json`, FIXTURES)));
}

async function withEmulator(
  options: Parameters<typeof startEmulator>[0],
  use: (client: TestClient, emulator: Emulator) => Promise<void>,
): Promise<void> {
  const emulator = await startEmulator(options);
  try {
    await use(new TestClient(emulator), emulator);
  } finally {
    await emulator.stop();
  }
}

/** Paths of keys that a recorded answer has and ours lacks; maps with free keys are compared where both have the key. */
function missing(recorded: JsonValue, ours: JsonValue, path = ""): string[] {
  if (!isJsonObject(recorded)) return [];
  if (!isJsonObject(ours)) return [path];
  return Object.entries(recorded).flatMap(([key, value]) =>
    Object.hasOwn(ours, key) ? missing(value, ours[key] ?? null, `${path}/${key}`) : [`${path}/${key}`]
  );
}

Deno.test("a PUT of a recorded job is answered with every field of the recorded answer", async () => {
  await withEmulator({ scenario }, async (client) => {
    for (
      const [name, job] of [["arm-job-put-command-serverless", "cmd"], [
        "arm-job-put-pipeline",
        "pipe",
      ]] as const
    ) {
      const { request, response } = await recording(name);
      const answer = await client.send("PUT", `/jobs/${job}`, request.body);
      assert.equal(answer.status, 201);
      assert.deepEqual(missing(response.body, answer.body), [], name);
      assert.ok(answer.headers.get("location")?.includes(`/jobs/${job}`));
      assert.equal((await client.send("PUT", `/jobs/${job}`, request.body)).status, 200);
      const got = await client.send("GET", `/jobs/${job}`);
      assert.deepEqual(missing(response.body, got.body), []);
    }
  });
});

Deno.test("workspace, discovery, datastores, codes and components have the recorded fields", async () => {
  await withEmulator({ scenario }, async (client) => {
    const code = await recording("arm-code-version-put");
    const cases: [string, string, string, JsonValue?][] = [
      ["arm-workspace-get", "GET", client.path],
      ["discovery", "GET", "/discovery"],
      ["arm-datastore-listSecrets", "POST", `${client.path}/datastores/workspaceblobstore/listSecrets`],
      ["arm-code-version-put", "PUT", `${client.path}/codes/c/versions/1`, code.request.body],
    ];
    for (const [name, method, path, body] of cases) {
      const { response } = await recording(name);
      const answer = await client.fetch(path, method, body);
      assert.equal(answer.status, response.status, name);
      assert.deepEqual(missing(response.body, answer.body), [], name);
    }
    const { response } = await recording("arm-datastores-default-list");
    const list = await client.send("GET", "/datastores?count=30&isDefault=true");
    const [first] = Array.isArray(list.body.value) ? list.body.value : [];
    const [known] = Array.isArray(response.body.value) ? response.body.value : [];
    assert.deepEqual(missing(known ?? null, first ?? null), []);
  });
});

Deno.test("an anonymous component keeps one version whatever it was PUT to, and its spec comes back as texts", async () => {
  await withEmulator({ scenario }, async (client) => {
    const body = {
      properties: {
        isAnonymous: true,
        componentSpec: { type: "command", is_deterministic: true, resources: { instance_count: 1 } },
      },
    };
    const first = await client.send(
      "PUT",
      "/components/azureml_anonymous/versions/11111111-1111-1111-1111-111111111111",
      body,
    );
    const second = await client.send(
      "PUT",
      "/components/azureml_anonymous/versions/22222222-2222-2222-2222-222222222222",
      body,
    );
    assert.deepEqual([first.status, second.status], [201, 200]);
    assert.equal(first.body.name, second.body.name);
    assert.notEqual(first.body.name, "11111111-1111-1111-1111-111111111111");
    assert.match(first.text, /"is_deterministic":"True","resources":\{"instance_count":"1"\}/);
    assert.equal(
      (await client.send("GET", `/components/azureml_anonymous/versions/${first.body.name}`)).status,
      200,
    );
  });
});

Deno.test("a code can be found by its hash, and its address cannot change", async () => {
  await withEmulator({ scenario }, async (client) => {
    const pending = await client.send("POST", "/codes/c/versions/1/startPendingUpload", {
      pendingUploadType: "TemporaryBlobReference",
    });
    const blob = /"sasUri":"([^"]+)"/.exec(pending.text)?.[1] ?? "";
    const file = new URL(blob);
    file.pathname += "/src/main.py";
    const put = await fetch(file, {
      method: "PUT",
      headers: { "x-ms-blob-type": "BlockBlob", "if-none-match": "*" },
      body: "print(1)\n",
    });
    assert.equal(put.status, 201);
    await put.body?.cancel();
    const version = (codeUri: string) =>
      client.send("PUT", "/codes/c/versions/1", {
        properties: { codeUri, properties: { hash_sha256: "ab", hash_version: 202208 } },
      });
    assert.equal((await version("http://x/1")).status, 201);
    const found = await client.send("GET", "/codes/c/versions?hash=ab&hashVersion=202208");
    assert.match(found.text, /"hash_version":"202208"/);
    const changed = await version("http://x/2");
    assert.equal(changed.status, 400);
    assert.match(changed.text, /Asset paths cannot be updated/);
  });
});

Deno.test("the job list keeps its filters over small and empty pages", async () => {
  await withEmulator({}, async (client) => {
    const cases: [string, number][] = [
      ["", 17],
      ["listViewType=ArchivedOnly", 1],
      ["listViewType=All", 18],
      ["jobType=Pipeline", 3],
      ["tag=release", 1],
      ["tag=release%3D2024.03", 1],
      ["tag=release%3Dother", 0],
    ];
    for (const [query, expected] of cases) {
      const sizes: number[] = [];
      for (
        let url: unknown = `${client.path}/jobs?api-version=2024-10-01&${query}`;
        typeof url === "string";
      ) {
        const { body } = await client.fetch(url);
        sizes.push(Array.isArray(body.value) ? body.value.length : -1);
        url = body.nextLink;
      }
      assert.equal(sizes.reduce((sum, size) => sum + size, 0), expected, query);
      if (expected > 10) assert.ok(sizes.slice(0, -1).includes(0), "a page in the middle is empty");
    }
  });
});

Deno.test("a step has no properties, a trial is not supported, a stranger is not found", async () => {
  await withEmulator({}, async (client) => {
    const step = await client.send("GET", "/jobs/b1a2c3d4-0001-4000-8000-000000000011");
    const { response } = await recording("arm-job-get-pipeline-step-no-properties");
    assert.equal(step.status, 200);
    assert.equal("properties" in step.body, "properties" in response.body);
    const trial = await client.send("GET", "/jobs/AutoML_4c7e1a90-3b52-4f6d-8a11-9e0d2c5b7f34_3");
    assert.equal(trial.status, 400);
    assert.match(trial.text, /"code":"UserError".*JobNotSupported/);
    const none = await client.send("GET", "/jobs/none");
    assert.equal(none.status, 404);
    assert.match(none.text, /"type":"InnerError","info":\{"value":\{"code":"NotFound"/);
    assert.equal((await client.fetch(`${client.path.replace("ws-source", "elsewhere")}/jobs`)).status, 404);
  });
});

Deno.test("properties of a job only grow; tags and archiving may change; ids may be asked in any case", async () => {
  await withEmulator({}, async (client) => {
    const path = "/jobs/brave_apple_k3x9q2";
    const put = (properties: JsonObject) =>
      client.send("PUT", path, { properties: { jobType: "Command", ...properties } });
    assert.equal(
      (await put({ properties: { extra: "1" }, tags: { only: "this" }, isArchived: true })).status,
      200,
    );
    assert.equal((await put({ properties: { extra: "2" } })).status, 400);
    const { body } = await client.fetch(
      `${client.path.toUpperCase().replace("WS-SOURCE", "Ws-Source")}${path}`,
    );
    const properties = isJsonObject(body.properties) ? body.properties : {};
    assert.deepEqual([properties.tags, properties.isArchived], [{ only: "this" }, true]);
  });
});

Deno.test("secrets: a SAS when it may expire, the key otherwise, none for identity stores", async () => {
  await withEmulator({}, async (client) => {
    const ask = (name: string, body?: JsonValue) =>
      client.send("POST", `/datastores/${name}/listSecrets`, body);
    assert.equal((await ask("workspaceblobstore")).body.secretsType, "AccountKey");
    assert.equal(
      (await ask("workspaceblobstore", { expirableSecret: true, expireAfterHours: 1 })).body.secretsType,
      "Sas",
    );
    assert.equal((await ask("identity_data")).status, 400);
  });
});

Deno.test("a canceled job ends, and a deleted one is gone", async () => {
  await withEmulator({}, async (client, emulator) => {
    const cancel = await client.send("POST", "/jobs/busy_bee_running/cancel");
    assert.equal(cancel.status, 202);
    assert.equal((await client.fetch(cancel.headers.get("location") ?? "")).status, 200);
    assert.equal(emulator.workspace("a").runs.get("busy_bee_running")?.status, "Canceled");
    assert.deepEqual([
      (await client.send("DELETE", "/jobs/busy_bee_running")).status,
      (await client.send("DELETE", "/jobs/busy_bee_running")).status,
    ], [202, 204]);
    assert.equal((await client.send("GET", "/jobs/busy_bee_running")).status, 404);
  });
});
