import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { BlobContainer, BlobItem } from "../../../src/blob/container.ts";
import { copyLadder } from "../../../src/blob/copy_ladder.ts";
import type { Rung } from "../../../src/blob/copy_rungs.ts";
import { Failure } from "../../../src/records/failure.ts";

const blob = (name: string, text: string, md5: string | null = `md5 of ${text}`): BlobItem => ({
  name,
  size: text.length,
  md5,
  contentType: null,
});

function refused(statusCode: number | undefined, code: string): Error {
  return Object.assign(new Error("https://acct/x?sig=secret"), { statusCode, code });
}

/** Two containers in memory and a ladder between them whose rungs do what a test says. */
function rig(rungs: Readonly<Record<string, { readonly throws?: Error; readonly maxBytes?: number }>>) {
  const there = new Map<string, BlobItem>();
  const source = new Map<string, BlobItem>();
  const tried: string[] = [];
  const meter = { bytes: 0, calls: 0 };
  const unused = () => Promise.reject(new Error("not asked"));
  const container = (endpoint: string): BlobContainer => ({
    endpoint,
    name: "c",
    list: () => (async function* () {})(),
    head: (name) => Promise.resolve(source.get(name) ?? null),
    read: unused,
    copySource: unused,
    put: unused,
    copyFrom: unused,
  });
  let current = "";
  const table = Object.entries(rungs).map(([name, { throws, maxBytes }]): Rung => ({
    name,
    remote: name !== "stream",
    maxBytes: maxBytes ?? Infinity,
    copy: (wanted) => {
      tried.push(name);
      if (throws !== undefined) return Promise.reject(throws);
      if (there.has(current) && !wanted.overwrite) return Promise.reject(refused(409, "BlobAlreadyExists"));
      const copied = source.get(wanted.from.name);
      if (copied !== undefined) there.set(current, { ...copied, name: current });
      return Promise.resolve(null);
    },
  }));
  const ladder = copyLadder({
    where: "target/c",
    meter,
    pace: { pollMs: 0, retryMs: 0 },
    head: (name) => Promise.resolve(there.get(name) ?? null),
    client: (name) => {
      current = name;
      // The rungs of this test never touch the client.
      return {} as ReturnType<Parameters<typeof copyLadder>[0]["client"]>;
    },
  }, table);
  const copy = (
    name: string,
    options: { endpoint?: string; size?: number | null; md5?: string | null } = {},
  ) => {
    const known = source.get(name);
    const from = {
      container: container(options.endpoint ?? "https://a"),
      name,
      size: options.size === undefined ? known?.size ?? null : options.size,
      contentType: null,
      ...(options.md5 === undefined ? {} : { md5: options.md5 }),
    };
    return ladder(name, from);
  };
  return { there, source, tried, meter, copy };
}

describe("the copy ladder", () => {
  it("remembers for a pair of accounts which way is closed", async () => {
    for (
      const [status, code, remembered] of [
        [501, "APINotImplemented", true],
        [403, "CannotVerifyCopySource", true],
        [401, "NoAuthenticationInformation", true],
        [409, "CopyAcrossAccountsNotSupported", true],
        [400, "InvalidHeaderValue", true],
        [409, "BlobArchived", false],
        [500, "InternalError", false],
      ] as const
    ) {
      const { source, tried, copy, meter } = rig({ first: { throws: refused(status, code) }, second: {} });
      for (const name of ["x", "y", "z"]) source.set(name, blob(name, name));
      assert.deepEqual(await copy("x"), { bytes: 1 });
      await copy("y");
      await copy("z", { endpoint: "https://other" });
      assert.deepEqual(
        tried,
        ["first", "second", ...(remembered ? [] : ["first"]), "second", "first", "second"],
        `${status} ${code}`,
      );
      assert.equal(meter.bytes, 3);
    }
  });

  it("passes by a way that does not take the size", async () => {
    const { source, tried, copy } = rig({ small: { maxBytes: 3 }, any: {} });
    source.set("x", blob("x", "four"));
    source.set("y", blob("y", "two"));
    await copy("x");
    await copy("y");
    await copy("x", { size: null });
    assert.deepEqual(tried, ["any", "small", "any"]);
  });

  it("moves nothing when the same blob is there, and overwrites another", async () => {
    const { there, source, tried, copy, meter } = rig({ only: {} });
    source.set("x", blob("x", "new!"));
    for (
      const [held, bytes] of [[blob("x", "new!"), 0], [blob("x", "old!"), 4], [
        blob("x", "new!", null),
        4,
      ]] as const
    ) {
      there.set("x", held);
      tried.length = 0;
      meter.bytes = 0;
      assert.deepEqual(await copy("x"), { bytes });
      assert.equal(meter.bytes, bytes);
      assert.equal(there.get("x")?.md5, "md5 of new!");
    }
  });

  it("takes a log that grew since it was listed as it is now", async () => {
    const { source, copy } = rig({ only: {} });
    source.set("log", blob("log", "longer now", null));
    assert.deepEqual(await copy("log", { size: 3, md5: null }), { bytes: 10 });
  });

  it("fails with what the last way said, without secrets", async () => {
    const { source, copy } = rig({
      first: { throws: refused(501, "No") },
      last: { throws: refused(403, "AuthorizationFailure") },
    });
    source.set("x", blob("x", "x"));
    await assert.rejects(copy("x"), (thrown) => {
      assert.ok(thrown instanceof Failure);
      assert.deepEqual([thrown.facts.code, thrown.facts.reach], ["AuthorizationFailure", "auth"]);
      assert.doesNotMatch(thrown.message, /secret/);
      return true;
    });
  });

  it("tries no other way when nobody answers", async () => {
    const { source, tried, copy } = rig({
      first: { throws: refused(undefined, "ECONNREFUSED") },
      second: {},
    });
    source.set("x", blob("x", "x"));
    await assert.rejects(
      copy("x"),
      (thrown) => thrown instanceof Failure && thrown.facts.reach === "unreachable",
    );
    assert.deepEqual(tried, ["first"]);
  });

  it("does not pass a copy that differs, nor a bug, for anything else", async () => {
    const { source, copy } = rig({ only: {} });
    await assert.rejects(copy("gone", { size: 3 }), (thrown) => thrown instanceof Failure);
    const bug = rig({ only: { throws: new TypeError("a bug") } });
    bug.source.set("x", blob("x", "x"));
    await assert.rejects(bug.copy("x"), TypeError);
    assert.equal(source.size, 0);
  });
});
