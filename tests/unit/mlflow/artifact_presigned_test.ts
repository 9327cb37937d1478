import assert from "node:assert/strict";
import { uploadWay } from "../../../src/mlflow/artifact_upload_way.ts";
import type { MlflowServer } from "../../../src/mlflow/server.ts";
import { Failure } from "../../../src/records/failure.ts";
import type { Answer, Content, WireRequest } from "../../../src/wire/wire.ts";

const URL_GIVEN = "https://store.example.com/b/f?X-Amz-Signature=abc";

/** A server that answers the request for an address with `status`, and notes what is sent where. */
function standIn(status: number): { server: MlflowServer; sent: string[]; stored: WireRequest[] } {
  const sent: string[] = [];
  const stored: WireRequest[] = [];
  const answer = (code: number, body: Answer["body"]): Promise<Answer> =>
    Promise.resolve({ status: code, body, headers: new Map(), requestId: null });
  const server: MlflowServer = {
    id: "mlflow+http://h",
    address: "http://h",
    abilities: { version: [3, 17, 2], loggedModels: true, workspaces: false },
    wire: {
      send(request) {
        stored.push(request);
        return answer(200, null);
      },
      open: () => Promise.reject(new Error("nothing is read")),
      trust: () => {},
      calls: () => sent.length,
    },
    send(route, details) {
      sent.push(`${route.path} ${JSON.stringify(details?.body ?? details?.query)}`);
      const given = { presigned_url: URL_GIVEN, headers: { "x-ms-blob-type": "BlockBlob" } };
      return route.path.endsWith("presigned-upload-url") ? answer(status, given) : answer(200, null);
    },
    open: () => Promise.reject(new Error("nothing is read")),
  };
  return { server, sent, stored };
}

const content = (size: number): Content => ({
  open: () => Promise.resolve(new Blob([]).stream()),
  type: "text/plain",
  size,
});

const LARGE = 11 * 1024 * 1024;
const ASKED = '/api/2.0/mlflow/artifacts/presigned-upload-url {"run_id":"r","path":"a"}';

for (const size of [0, LARGE]) {
  Deno.test(`a file of ${size} bytes, which the server itself does not take, goes to the address that it hands out`, async () => {
    const { server, sent, stored } = standIn(200);
    await uploadWay(server, { id: "r", artifactUri: "s3://b" })("a", content(size));
    assert.deepEqual(sent, [ASKED]);
    assert.deepEqual(
      stored.map(({ url, audience, headers }) => ({ url, audience, headers })),
      [{ url: URL_GIVEN, audience: "none", headers: { "x-ms-blob-type": "BlockBlob" } }],
    );
  });
}

Deno.test("a server that hands out no address is asked once, and each file says why it is not there", async () => {
  const { server, sent, stored } = standIn(400);
  const put = uploadWay(server, { id: "r", artifactUri: "file:///x" });
  for (const path of ["a", "b"]) {
    await assert.rejects(put(path, content(LARGE)), (error) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.facts.code, "too_large");
      return true;
    });
  }
  assert.deepEqual([sent, stored], [[ASKED], []]);
});

Deno.test("what the server takes goes through it", async () => {
  const { server, sent, stored } = standIn(200);
  await uploadWay(server, { id: "r", artifactUri: "s3://b" })("a", content(5));
  assert.deepEqual([sent.length, stored.length], [1, 0]);
  assert.match(sent[0] ?? "", /upload-artifact/);
});
