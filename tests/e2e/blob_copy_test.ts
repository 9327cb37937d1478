import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Buffer } from "node:buffer";
import { after, before, describe, it } from "node:test";
import { openContainer } from "../../src/blob/open.ts";
import type { BlobContainer } from "../../src/blob/container.ts";
import type { ContainerCredential } from "../../src/blob/credential.ts";
import { Failure } from "../../src/records/failure.ts";
import { type Azurite, startAzurite } from "./start_azurite.ts";

const PACE = { pollMs: 5, retryMs: 5 };
const NAMES = [
  "plain.txt",
  "with space.txt",
  "hash#1?query=2.txt",
  "percent%20not-a-space.txt",
  "plus+and&.txt",
  "grüße/日本語/😀.txt",
  "a..b/x.txt",
  "100%.txt",
];

async function text(container: BlobContainer, name: string): Promise<string> {
  return await new Response(await container.read(name)).text();
}

async function makeContainer(azurite: Azurite, account: string, name: string): Promise<void> {
  const sdk = await import("@azure/storage-blob");
  const shared = new sdk.StorageSharedKeyCredential(account, azurite.key(account));
  await new sdk.ContainerClient(`${azurite.endpoint(account)}/${name}`, shared).create();
}

async function sasOf(azurite: Azurite, account: string, name: string): Promise<string> {
  const sdk = await import("@azure/storage-blob");
  const shared = new sdk.StorageSharedKeyCredential(account, azurite.key(account));
  return sdk.generateBlobSASQueryParameters({
    containerName: name,
    permissions: sdk.ContainerSASPermissions.parse("racwl"),
    expiresOn: new Date(Date.now() + 3_600_000),
  }, shared).toString();
}

describe("blobs on Azurite", () => {
  let azurite: Azurite;
  const meter = { bytes: 0, calls: 0 };

  const open = (account: string, container: string, credential?: ContainerCredential) =>
    openContainer(
      { endpoint: azurite.endpoint(account), container },
      credential ?? { kind: "key", account, key: azurite.key(account) },
      meter,
      PACE,
    );

  before(async () => {
    azurite = await startAzurite();
    for (const [account, name] of [["acct1", "src"], ["acct2", "dst"], ["acct2", "dstsas"]] as const) {
      await makeContainer(azurite, account, name);
    }
    const source = await open("acct1", "src");
    for (const name of NAMES) {
      await source.put(`n/${name}`, new TextEncoder().encode(`of ${name}`), "text/plain");
    }
  });
  after(() => azurite.stop());

  it("lists and heads blobs whatever their names are", async () => {
    const source = await open("acct1", "src");
    const listed = (await Array.fromAsync(source.list("n/"))).flat();
    assert.deepEqual(listed.map((blob) => blob.name).sort(), NAMES.map((name) => `n/${name}`).sort());
    for (const blob of listed) {
      assert.deepEqual(await source.head(blob.name), blob);
      const expected = `of ${blob.name.slice(2)}`;
      assert.equal(blob.md5, createHash("md5").update(expected).digest("hex"));
      assert.equal(blob.contentType, "text/plain");
      assert.equal(await text(source, blob.name), expected);
    }
  });

  it("copies between accounts, keeps type and MD5, and moves nothing the second time", async () => {
    const source = await open("acct1", "src");
    const credentials: [string, ContainerCredential | undefined][] = [
      ["dst", undefined],
      ["dstsas", { kind: "sas", sas: await sasOf(azurite, "acct2", "dstsas") }],
    ];
    for (const [container, credential] of credentials) {
      const target = await open("acct2", container, credential);
      const listed = (await Array.fromAsync(source.list("n/"))).flat();
      const before = meter.bytes;
      for (const blob of listed) {
        const from = { container: source, name: blob.name, size: blob.size, contentType: blob.contentType };
        assert.deepEqual(await target.copyFrom(`run/${blob.name}`, from), { bytes: blob.size });
        assert.deepEqual(await target.head(`run/${blob.name}`), { ...blob, name: `run/${blob.name}` });
        assert.deepEqual(await target.copyFrom(`run/${blob.name}`, { ...from, md5: blob.md5 }), { bytes: 0 });
      }
      assert.equal(meter.bytes - before, listed.reduce((sum, blob) => sum + blob.size, 0));
    }
  });

  it("overwrites a blob that differs", async () => {
    const [source, target] = [await open("acct1", "src"), await open("acct2", "dst")];
    await target.put("other.txt", new TextEncoder().encode("something else"), "text/plain");
    const from = { container: source, name: "n/plain.txt", size: null, contentType: null };
    assert.deepEqual(await target.copyFrom("other.txt", from), { bytes: 12 });
    assert.equal(await text(target, "other.txt"), "of plain.txt");
  });

  it("streams in blocks from a source whose URL nobody may read", async () => {
    const source = await open("acct1", "src");
    const big = new Uint8Array(20 * 1024 * 1024 + 7).map((_, index) => index % 251);
    await source.put("big.bin", big, "application/x-big");
    const closed: BlobContainer = {
      ...source,
      copySource: (name) => Promise.resolve({ url: `${source.endpoint}/src/${encodeURIComponent(name)}` }),
    };
    const target = await open("acct2", "dst");
    const from = { container: closed, name: "big.bin", size: big.length, contentType: "application/x-big" };
    assert.deepEqual(await target.copyFrom("big.bin", from), { bytes: big.length });
    assert.deepEqual(await target.head("big.bin"), {
      name: "big.bin",
      size: big.length,
      md5: createHash("md5").update(big).digest("hex"),
      contentType: "application/x-big",
    });
    const back = Buffer.from(await new Response(await target.read("big.bin")).arrayBuffer());
    assert.ok(back.equals(big));
    await target.copyFrom("empty", { ...from, name: "n/none", size: null }).then(
      () => assert.fail("a blob that is not there was copied"),
      (thrown) => assert.ok(thrown instanceof Failure && thrown.facts.status === 404),
    );
  });

  it("copies an empty blob in every way", async () => {
    const [source, target] = [await open("acct1", "src"), await open("acct2", "dst")];
    await source.put("empty", new Uint8Array(0), "text/plain");
    const closed: BlobContainer = {
      ...source,
      endpoint: "http://elsewhere",
      copySource: () => Promise.resolve({ url: `${source.endpoint}/src/not-there` }),
    };
    for (const [index, container] of [source, closed].entries()) {
      const from = { container, name: "empty", size: 0, contentType: "text/plain" };
      assert.deepEqual(await target.copyFrom(`empty-${index}`, from), { bytes: 0 });
      assert.equal((await target.head(`empty-${index}`))?.size, 0);
    }
  });

  it("answers null for a blob that is not there, and a Failure without secrets for a wrong key", async () => {
    const source = await open("acct1", "src");
    assert.equal(await source.head("nothing"), null);
    const wrong = await open("acct1", "src", { kind: "key", account: "acct1", key: azurite.key("acct2") });
    await assert.rejects(async () => await Array.fromAsync(wrong.list("")), (thrown: unknown) => {
      assert.ok(thrown instanceof Failure);
      assert.equal(thrown.facts.reach, "auth");
      assert.equal(thrown.facts.status, 403);
      assert.doesNotMatch(thrown.message, /sig=|key of/);
      return true;
    });
  });
});
