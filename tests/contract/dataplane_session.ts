import type { JsonValue } from "../../src/records/json.ts";
import { emptyWorkspaces } from "../emulator/scenario/read_scenario.ts";
import type { Settings } from "../emulator/settings.ts";
import { type Emulator, startEmulator } from "../emulator/start.ts";
import { type TestAnswer, TestClient } from "../emulator/test_client.ts";

/** Services of the data plane by the first two segments of their paths. */
export const SERVICES = {
  history: "history/v1.0",
  metric: "metric/v2.0",
  artifact: "artifact/v2.0",
  index: "index/v1.0",
  mlflow: "mlflow/v2.0",
} as const;

/** A fresh emulator with two empty workspaces, spoken to in workspace `a`. */
export interface DataPlane {
  readonly emulator: Emulator;
  /** A request; `path` is what follows the workspace. */
  ask(
    service: keyof typeof SERVICES,
    method: string,
    path: string,
    body?: JsonValue,
    headers?: Record<string, string>,
  ): Promise<TestAnswer>;
}

/** Starts an emulator with these settings for one test. */
export async function withDataPlane(
  settings: Partial<Settings>,
  work: (plane: DataPlane) => Promise<void>,
): Promise<void> {
  const emulator = await startEmulator({ scenario: { workspaces: emptyWorkspaces() }, settings });
  const client = new TestClient(emulator);
  try {
    await work({
      emulator,
      ask: (service, method, path, body, headers) =>
        client.fetch(`/${SERVICES[service]}${client.path}${path}`, method, body, headers),
    });
  } finally {
    await emulator.stop();
  }
}

/** The items of a list answer; empty when it is none. */
export function items(answer: TestAnswer, member = "value"): readonly JsonValue[] {
  const value = answer.body[member];
  return Array.isArray(value) ? value : [];
}
