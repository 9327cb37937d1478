import { BlobServiceClient, BlockBlobClient, StorageSharedKeyCredential } from "@azure/storage-blob";
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { makeToken } from "../emulator/auth/make_token.ts";
import { emptyWorkspaces } from "../emulator/scenario/read_scenario.ts";
import { type Emulator, startEmulator } from "../emulator/start.ts";

const scenario = { workspaces: emptyWorkspaces() };

/** A client with the account key, over the emulator's own port. */
function service(emulator: Emulator, key: "a" | "b"): BlobServiceClient {
  const { storage } = emulator.workspace(key);
  const credential = new StorageSharedKeyCredential(storage.account, storage.key);
  return new BlobServiceClient(`${emulator.url}/${storage.account}`, credential);
}

Deno.test("blobs go through the emulator's port: shared key, SAS, bearer token", async () => {
  const emulator = await startEmulator({ scenario });
  try {
    const container = service(emulator, "a").getContainerClient("azureml");
    const name = "ExperimentRun/dcid.x/outputs/Größe #1 50% ✓.txt";
    const bytes = Buffer.from("hallo");
    await container.getBlockBlobClient(name).upload(bytes, bytes.length);
    const names: string[] = [];
    for await (const blob of container.listBlobsFlat({ prefix: "ExperimentRun/dcid.x/" })) {
      names.push(blob.name);
    }
    assert.deepEqual(names, [name]);

    const { storage, facts } = emulator.workspace("a");
    const get = async (url: string, authorization?: string) => {
      const answer = await fetch(url, {
        headers: authorization === undefined ? {} : { authorization, "x-ms-version": "2021-08-06" },
      });
      return [answer.status, answer.status === 200 ? await answer.text() : (await answer.body?.cancel(), "")];
    };
    const url = storage.url(emulator.url, "azureml", name);
    assert.deepEqual(await get(storage.sasUrl(emulator.url, "azureml", name, "r")), [200, "hallo"]);
    assert.deepEqual(await get(`${url}?${storage.containerSas("azureml", "rl")}`), [200, "hallo"]);
    assert.deepEqual(await get(url, `Bearer ${makeToken("https://storage.azure.com", facts.tenant)}`), [
      200,
      "hallo",
    ]);
    const refused = [
      `Bearer ${makeToken("https://management.azure.com", facts.tenant)}`,
      `Bearer ${makeToken("https://storage.azure.com", emulator.workspace("b").facts.tenant)}`,
    ];
    for (const authorization of refused) assert.deepEqual(await get(url, authorization), [401, ""]);
    emulator.settings.sasMinutes = -1;
    assert.deepEqual(await get(storage.sasUrl(emulator.url, "azureml", name, "r")), [403, ""]);
  } finally {
    await emulator.stop();
  }
});

Deno.test("Put Blob From URL and Put Block From URL copy between accounts, and can be switched off", async () => {
  const emulator = await startEmulator({ scenario });
  try {
    const from = service(emulator, "a").getContainerClient("azureml").getBlockBlobClient("src.bin");
    const bytes = Buffer.from("0123456789".repeat(100));
    await from.upload(bytes, bytes.length, {
      blobHTTPHeaders: { blobContentType: "text/x-test" },
      metadata: { k: "v" },
    });
    const source = emulator.workspace("a").storage.sasUrl(emulator.url, "azureml", "src.bin", "r");
    const target = service(emulator, "b").getContainerClient("azureml");

    await target.getBlockBlobClient("whole.bin").syncUploadFromURL(source);
    const properties = await target.getBlockBlobClient("whole.bin").getProperties();
    assert.equal(properties.contentType, "text/x-test");
    assert.equal(properties.contentLength, 1000);
    assert.equal(properties.metadata?.k, "v");

    const parts = target.getBlockBlobClient("parts.bin");
    const ids = ["one", "two"].map((id) => Buffer.from(id).toString("base64"));
    await parts.stageBlockFromURL(ids[0] ?? "", source, 0, 600);
    await parts.stageBlockFromURL(ids[1] ?? "", source, 600, 400);
    await parts.commitBlockList(ids);
    assert.deepEqual(await parts.downloadToBuffer(), bytes);

    const { storage: own } = emulator.workspace("b");
    const bySas = new BlockBlobClient(own.sasUrl(emulator.url, "azureml", "sas.bin", "cw"));
    const bearer = {
      scheme: "Bearer",
      value: makeToken("https://storage.azure.com", emulator.workspace("a").facts.tenant),
    };
    await bySas.syncUploadFromURL(source.split("?")[0] ?? "", { sourceAuthorization: bearer });
    assert.deepEqual(await target.getBlockBlobClient("sas.bin").downloadToBuffer(), bytes);

    const missing = emulator.workspace("a").storage.sasUrl(emulator.url, "azureml", "none.bin", "r");
    await assert.rejects(target.getBlockBlobClient("x").syncUploadFromURL(missing), {
      code: "CannotVerifyCopySource",
    });
    const forbidden = new BlobServiceClient(`${emulator.url}/azmltarget`).getContainerClient("azureml");
    await assert.rejects(forbidden.getBlockBlobClient("x").syncUploadFromURL(source), { statusCode: 403 });

    emulator.settings.blobFromUrl = false;
    await assert.rejects(target.getBlockBlobClient("y").syncUploadFromURL(source), { statusCode: 501 });
    await target.getBlockBlobClient("y").syncCopyFromURL(source);
    assert.deepEqual(await target.getBlockBlobClient("y").downloadToBuffer(), bytes);
    const routes = emulator.requests().filter(({ effect }) => effect === "write").map(({ route }) => route);
    assert.ok(
      routes.includes("blob.put_from_url") && routes.includes("blob.put_block_from_url") &&
        routes.includes("blob.copy_sync"),
    );
  } finally {
    await emulator.stop();
  }
});

Deno.test("blob requests can be made to fail", async () => {
  const emulator = await startEmulator({ scenario });
  try {
    const { storage } = emulator.workspace("a");
    await storage.write("azureml", "x", new TextEncoder().encode("x"));
    emulator.fault({
      match: "blob.get",
      times: 1,
      action: { kind: "fail", status: 403, code: "AuthorizationFailure" },
    });
    const answer = await fetch(storage.sasUrl(emulator.url, "azureml", "x", "r"));
    assert.equal(answer.status, 403);
    assert.equal(answer.headers.get("x-ms-error-code"), "AuthorizationFailure");
    assert.match(await answer.text(), /<Code>AuthorizationFailure<\/Code>/);
  } finally {
    await emulator.stop();
  }
});
