import assert from "node:assert/strict";
import { openServerStore } from "../../../src/mlflow/open_store.ts";
import type { MlflowDetails, MlflowServer } from "../../../src/mlflow/server.ts";
import { Failure } from "../../../src/records/failure.ts";
import type { JsonValue } from "../../../src/records/json.ts";
import type { Answer, Route } from "../../../src/wire/wire.ts";

interface Asked {
  readonly path: string;
  readonly details: MlflowDetails;
}

/** A server whose listings answer in turn, and whose files hold their own name. */
function fakeServer(
  listings: readonly (JsonValue | null)[],
  announced: Record<string, string> = {},
): { server: MlflowServer; asked: Asked[] } {
  const asked: Asked[] = [];
  const note = (route: Route, details: MlflowDetails = {}) => asked.push({ path: route.path, details });
  const server: MlflowServer = {
    id: "mlflow+http://h",
    address: "http://h",
    abilities: { version: [3, 0, 0], loggedModels: true, workspaces: false },
    wire: {
      send: () => Promise.reject(new Error("the server is asked, not its wire")),
      open: () => Promise.reject(new Error("the server is asked, not its wire")),
      trust: () => {},
      calls: () => asked.length,
    },
    send(route, details): Promise<Answer> {
      const body = listings[note(route, details) - 1] ?? null;
      return Promise.resolve({
        status: body === null ? 404 : 200,
        body,
        headers: new Map(),
        requestId: null,
      });
    },
    open(route, details) {
      note(route, details);
      const body = new Blob(["bytes"]).stream();
      const headers = new Map(Object.entries(announced));
      return Promise.resolve({ status: 200, body, headers, requestId: null });
    },
  };
  return { server, asked };
}

const RUN = { kind: "mlflow", endpoint: "http://h", container: "r1", prefix: "" };

const MODEL = { ...RUN, kind: "mlflow-model", container: "m-1" };

const WAYS: readonly {
  readonly kind: string;
  readonly container: string;
  readonly name: string;
  readonly files: JsonValue;
  readonly list: Asked;
  readonly get: Asked;
}[] = [
  {
    kind: "mlflow",
    container: "r1",
    name: "model/ü %.bin",
    files: [{ path: "model/other", file_size: 1 }, { path: "model/ü %.bin", is_dir: false, file_size: "7" }],
    list: {
      path: "/api/2.0/mlflow/artifacts/list",
      details: { query: { run_id: "r1", path: "model", page_token: undefined } },
    },
    get: { path: "/get-artifact", details: { query: { run_uuid: "r1", path: "model/ü %.bin" } } },
  },
  {
    kind: "mlflow-model",
    container: "m-1",
    name: "MLmodel",
    files: [{ path: "MLmodel", file_size: 7 }],
    list: {
      path: "/api/2.0/mlflow/logged-models/{model_id}/artifacts/directories",
      details: {
        vars: { model_id: "m-1" },
        query: { artifact_directory_path: undefined, page_token: undefined },
        accept: [404],
      },
    },
    get: {
      path: "/ajax-api/2.0/mlflow/logged-models/{model_id}/artifacts/files",
      details: { vars: { model_id: "m-1" }, query: { artifact_file_path: "MLmodel" } },
    },
  },
  {
    kind: "mlflow-path",
    container: "",
    name: "1/gone/artifacts/a b",
    files: [{ path: "a b", file_size: 7 }],
    list: {
      path: "/api/2.0/mlflow-artifacts/artifacts",
      details: { query: { path: "1/gone/artifacts", page_token: undefined }, accept: [404] },
    },
    get: {
      path: "/api/2.0/mlflow-artifacts/artifacts/{+path}",
      details: { vars: { path: "1/gone/artifacts/a%20b" } },
    },
  },
];

for (const { kind, container, name, files, list, get } of WAYS) {
  Deno.test(`a file of a store of kind ${kind} is found in its folder and read`, async () => {
    const { server, asked } = fakeServer([{ files }]);
    const store = await openServerStore(server, { ...RUN, kind, container });
    assert.deepEqual([store.endpoint, store.name, store.copySource], ["http://h", container, undefined]);
    assert.deepEqual(await store.head(name), { name, size: 7, md5: null, contentType: null });
    assert.equal(await new Response(await store.read(name)).text(), "bytes");
    assert.deepEqual(asked, [list, get]);
  });
}

Deno.test("a listing is read page by page; what is not in it is not there, and neither is a folder", async () => {
  const page = { files: [{ path: "a", is_dir: true }], next_page_token: "t" };
  const { server, asked } = fakeServer([page, { files: [{ path: "b", file_size: 0 }] }, page, page, null]);
  const store = await openServerStore(server, MODEL);
  assert.equal((await store.head("b"))?.size, 0);
  assert.deepEqual(asked.map(({ details }) => details.query?.page_token), [undefined, "t"]);
  assert.equal(await store.head("a"), null);
  assert.equal(await store.head("a"), null);
});

Deno.test("what a record names leads nowhere else", async () => {
  const { server, asked } = fakeServer([]);
  for (
    const ref of [{ ...RUN, kind: "mlflow-x" }, { ...RUN, container: ".." }, { ...RUN, container: null }]
  ) {
    await assert.rejects(openServerStore(server, ref), Failure);
  }
  const store = await openServerStore(server, { ...RUN, kind: "mlflow-path" });
  for (const name of ["../x", "a/../../x", "a//b", "/a", "", "a/."]) {
    await assert.rejects(
      store.read(name),
      (error) => error instanceof Failure && error.facts.reach === "record",
    );
    await assert.rejects(store.head(name), Failure);
  }
  assert.deepEqual(asked, []);
});

Deno.test("a size that the listing does not tell is found by asking for the file", async () => {
  for (const [announced, size] of [[{ "content-length": "0" }, 0], [{}, 5]] as const) {
    const { server } = fakeServer([{ files: [{ path: "empty", is_dir: false }] }], announced);
    const store = await openServerStore(server, MODEL);
    assert.equal((await store.head("empty"))?.size, size);
  }
});
