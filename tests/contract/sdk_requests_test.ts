import assert from "node:assert/strict";
import { startEmulator } from "../emulator/start.ts";
import { refused } from "./refused.ts";
import { restorer } from "./sdk_replay/granted.ts";
import { readOperations } from "./sdk_replay/operation.ts";
import { type Answered, replay } from "./sdk_replay/replay.ts";
import { recordedWorkspace } from "./sdk_replay/scenario.ts";

const operations = await readOperations();

Deno.test("all 228 recorded operations of official clients are there", () => {
  assert.equal(operations.length, 228);
});

Deno.test("the list of refused requests names operations that are there, with a reason", () => {
  const names = new Set(operations.map(({ name }) => name));
  for (const { operation, reason } of refused) {
    assert.ok(names.has(operation), operation);
    assert.ok(reason.length > 20, `${operation}: ${reason}`);
  }
});

Deno.test("the emulator accepts the requests of official clients", async (t) => {
  const emulator = await startEmulator({
    scenario: recordedWorkspace,
    settings: { historyPageSize: 2, emptyPageEvery: 0 },
  });
  const workspace = emulator.workspace("a");
  const restore = restorer(workspace);
  try {
    for (const operation of operations) {
      await t.step(operation.name, async () => {
        restore();
        const answers = await replay(operation, emulator, workspace);
        const others = answers.filter((answer) => !accepted(answer));
        const found = others.map(({ index, status }) => `${index}: ${status}`);
        assert.deepEqual(found, expected(operation.name), others.map(described).join("\n"));
      });
    }
  } finally {
    await emulator.stop();
  }
});

/** 2xx, or a 404 where the client had one, too, and went on: it asks whether something is there. */
function accepted({ request, status }: Answered): boolean {
  return status < 300 || (status === 404 && request.answer_status_given === 404);
}

function described({ index, status, request, text }: Answered): string {
  return `${index} ${status} ${request.method} ${request.path.split("/workspaces/ws1").at(-1)} ${
    text.slice(0, 300)
  }`;
}

function expected(operation: string): string[] {
  const entries = refused.filter((entry) => entry.operation === operation);
  return entries.map(({ index, status }) => `${index}: ${status}`);
}
