import assert from "node:assert/strict";
import { makeToken } from "../emulator/auth/make_token.ts";
import { type Emulator, startEmulator } from "../emulator/start.ts";
import type { WorkspaceState } from "../emulator/state.ts";
import { type Call, calls } from "./dataplane_calls.ts";
import { type ContractOperation, readContract } from "./dataplane_contract.ts";
import { recordedWorkspace } from "./sdk_replay/scenario.ts";

const contract = await readContract();

/** Operations of the contract that the emulator does not have: no client in the recordings uses them. */
const ABSENT = [
  "POST /artifact/v2.0{ws}/artifacts/storageuri/batch/metadata",
  "GET /artifact/v2.0{ws}/artifacts/{origin}/{container}/contentinfo/storageuri",
  "GET /artifact/v2.0{ws}/artifacts/{origin}/{container}/prefix/contentinfo/storageuri",
  "POST /artifact/v2.0{ws}/artifacts/{origin}/{container}/batch/ingest/containersas",
];

Deno.test("answers of the data plane fit the published contract", async (t) => {
  const emulator = await startEmulator({ scenario: recordedWorkspace });
  const workspace = emulator.workspace("a");
  await workspace.storage.write(
    `azureml-blobstore-${workspace.facts.guid}`,
    "snapshots/snapshot-1/src/main.py",
    new TextEncoder().encode('print("hi")\n'),
  );
  try {
    for (const call of calls) {
      await t.step(`${call.method} ${call.path}${call.refused ? ` (${call.refused})` : ""}`, async () => {
        await check(call, emulator, workspace);
      });
    }
  } finally {
    await emulator.stop();
  }
});

Deno.test("every operation of the contract is called, or said to be absent", () => {
  const called = new Set(calls.map(({ method, path }) => text(contract.operationOf(method, bare(path)))));
  const missing = contract.operations.map(text).filter((operation) => !called.has(operation));
  assert.deepEqual(missing, ABSENT);
});

Deno.test("the contract's checker does refuse", () => {
  assert.notDeepEqual(contract.faults("Run", { runNumber: "text" }), []);
  assert.notDeepEqual(contract.faults("Run", { createdUtc: "yesterday" }), []);
  assert.deepEqual(contract.faults("Run", { createdUtc: null, runNumber: 1 }), []);
});

async function check(call: Call, emulator: Emulator, workspace: WorkspaceState): Promise<void> {
  const operation = contract.operationOf(call.method, bare(call.path));
  assert.ok(operation, "no such operation in the contract");
  const answer = await fetch(`${emulator.url}${filled(call.path, workspace)}`, {
    method: call.method,
    headers: {
      authorization: `Bearer ${makeToken("https://ml.azure.com", workspace.facts.tenant)}`,
      "content-type": "application/json",
    },
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
  });
  const body = await answer.text();
  assert.equal(answer.status, call.refused ?? 200, body);
  const schema = call.refused === undefined ? operation.answer : "ErrorResponse";
  if (schema !== null) assert.deepEqual(contract.faults(schema, JSON.parse(body)), [], body);
}

function filled(path: string, workspace: WorkspaceState): string {
  return path
    .replace("{ws}", workspace.armPath)
    .replace("{eid}", workspace.experiment("exp1")?.experimentId ?? "")
    .replace("{short}", workspace.experiment("short-lived")?.experimentId ?? "");
}

function bare(path: string): string {
  return path.split("?")[0] ?? path;
}

function text(operation: ContractOperation | undefined): string {
  return operation === undefined ? "" : `${operation.method} ${operation.path}`;
}
