import assert from "node:assert/strict";
import { isJsonObject, type JsonObject, type JsonValue } from "../../src/records/json.ts";
import type { TestAnswer } from "../emulator/test_client.ts";
import { type DataPlane, items, withDataPlane } from "./dataplane_session.ts";

const BOX = "/artifacts/ExperimentRun/dcid.r";

async function upload(uri: JsonValue | undefined, text: string): Promise<number> {
  const answer = await fetch(String(uri), {
    method: "PUT",
    headers: { "x-ms-blob-type": "BlockBlob", "if-none-match": "*" },
    body: text,
  });
  await answer.body?.cancel();
  return answer.status;
}

function link(answer: TestAnswer, path: string): JsonValue | undefined {
  const links = answer.body.artifactContentInformation;
  const one = isJsonObject(links) ? links[path] : undefined;
  return isJsonObject(one) ? one.contentUri : undefined;
}

async function create({ ask }: DataPlane, ...paths: string[]): Promise<TestAnswer> {
  await ask("history", "PATCH", "/runs/r", {});
  return await ask("artifact", "POST", `${BOX}/batch/metadata`, { paths: paths.map((path) => ({ path })) });
}

Deno.test("bytes go up through the link that batch/metadata gives, and come down in every path order", () =>
  withDataPlane({}, async (plane) => {
    const path = "outputs/a b#ü%.txt";
    assert.equal(await upload(link(await create(plane, path), path), "hello"), 201);
    const encoded = encodeURIComponent(path);
    const infos = [
      await plane.ask("artifact", "GET", `${BOX}/contentinfo?path=${encoded}`),
      await plane.ask("artifact", "GET", `/artifacts/contentinfo/ExperimentRun/dcid.r/${encoded}`),
      await plane.ask("history", "GET", `/experiments/_/runs/r/artifacts/contentinfo?path=${encoded}`),
    ];
    for (const { body } of infos) {
      const answer = await fetch(String(body.contentUri));
      assert.deepEqual([answer.status, await answer.text()], [200, "hello"]);
    }
    const refused = await upload(infos[0]?.body.contentUri, "no");
    assert.equal(refused, 403, "a read link does not write");
  }));

Deno.test("links live about eight hours and start early", () =>
  withDataPlane({}, async (plane) => {
    const uri = new URL(String(link(await create(plane, "x"), "x")));
    const [start, end] = ["st", "se"].map((name) => Date.parse(uri.searchParams.get(name) ?? ""));
    assert.ok(start !== undefined && end !== undefined && start < Date.now());
    const hours = (end - Date.now()) / 3_600_000;
    assert.ok(hours > 7.5 && hours < 8.5, `${hours} hours`);
  }));

Deno.test("a path that is taken is an error of that path alone, in the service's words", () =>
  withDataPlane({}, async (plane) => {
    await create(plane, "a");
    const again = await create(plane, "a", "b");
    assert.equal(again.status, 200);
    assert.equal(typeof link(again, "b"), "string");
    const errors = again.body.errors;
    assert.ok(isJsonObject(errors) && isJsonObject(errors.a) && isJsonObject(errors.a.error));
    assert.deepEqual(
      [Object.keys(errors), errors.a.error.code, errors.a.error.message],
      [["a"], "UserError", "Resource Conflict: ArtifactId ExperimentRun/dcid.r/a already exists."],
    );
  }));

Deno.test("51 paths are too many", () =>
  withDataPlane({}, async (plane) => {
    const paths = Array.from({ length: 51 }, (_, index) => `f${index}`);
    assert.equal((await create(plane, ...paths)).status, 400);
    assert.equal((await create(plane, ...paths.slice(1))).status, 200);
  }));

Deno.test("a registered artifact points where its blob is, in any datastore", () =>
  withDataPlane({}, async (plane) => {
    await plane.ask("history", "PATCH", "/runs/r", {});
    const { storage, facts } = plane.emulator.workspace("a");
    await storage.write(`azureml-blobstore-${facts.guid}`, "far/away.txt", new TextEncoder().encode("far"));
    const dataPath = { dataStoreName: "workspaceblobstore", relativePath: "far/away.txt" };
    const link = { origin: "ExperimentRun", container: "dcid.r", path: "near.txt", dataPath };
    const registered = await plane.ask("artifact", "POST", "/artifacts/register", link);
    assert.deepEqual([registered.status, registered.body.dataPath], [200, dataPath]);
    const { body } = await plane.ask("artifact", "GET", `${BOX}/contentinfo?path=near.txt`);
    assert.equal(await (await fetch(String(body.contentUri))).text(), "far");
  }));

Deno.test("lists are flat, without sizes, paged by token and link; a prefix gives links for all below", () =>
  withDataPlane({ artifactPageSize: 2, emptyPageEvery: 2 }, async (plane) => {
    await create(plane, "outputs/b/2", "outputs/b/1", "outputs/a", "user_logs/std_log.txt");
    const found: JsonValue[] = [];
    let next: string | null = BOX;
    while (next !== null) {
      const answer: TestAnswer = await plane.ask("artifact", "GET", next);
      found.push(...items(answer).filter(isJsonObject).map(({ path }: JsonObject) => path ?? null));
      const { nextLink } = answer.body;
      next = typeof nextLink === "string" ? `${BOX}${new URL(nextLink).search}` : null;
    }
    assert.deepEqual(found, ["outputs/a", "outputs/b/1", "outputs/b/2", "user_logs/std_log.txt"]);
    const below = await plane.ask(
      "artifact",
      "GET",
      "/artifacts/prefix/contentinfo/ExperimentRun/dcid.r/outputs/b/",
    );
    assert.deepEqual(items(below).map((one) => isJsonObject(one) ? one.path : null), [
      "outputs/b/1",
      "outputs/b/2",
    ]);
  }));

Deno.test("details name the logs with read links", () =>
  withDataPlane({}, async (plane) => {
    const path = "user_logs/std_log.txt";
    const made = await create(plane, path, "outputs/model.pkl");
    await upload(link(made, path), "log line\n");
    const { body } = await plane.ask("history", "GET", "/runs/r/details");
    assert.ok(isJsonObject(body.logFiles));
    assert.deepEqual(Object.keys(body.logFiles), [path]);
    assert.equal(await (await fetch(String(body.logFiles[path]))).text(), "log line\n");
  }));
