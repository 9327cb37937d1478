import assert from "node:assert/strict";
import { type MlflowOptions, startMlflow } from "../mlflow/start.ts";
import { isSince } from "../mlflow/version.ts";
import { SCENARIOS } from "./mlflow_calls/mod.ts";
import { play, type PlayedAnswer } from "./mlflow_calls/play.ts";
import type { ServerKind } from "./mlflow_calls/step.ts";

const KINDS: Readonly<Record<ServerKind, MlflowOptions>> = {
  proxied: {},
  unproxied: { artifacts: "unproxied" },
  workspaces: { workspaces: true },
  auth: { auth: { username: "admin", password: "secret" } },
};

for (const version of ["2.22.5", "3.17.2"]) {
  for (const scenario of SCENARIOS.filter(({ since }) => isSince(version, since ?? "0"))) {
    Deno.test(`the double answers as MLflow ${version} did: ${scenario.name}`, async (t) => {
      const file = new URL(`../fixtures/mlflow/${version}/${scenario.name}.json`, import.meta.url);
      const recorded: readonly PlayedAnswer[] = JSON.parse(await Deno.readTextFile(file)).answers;
      const double = await startMlflow({ ...KINDS[scenario.server], version });
      try {
        const answers = await play(double.url, scenario);
        assert.equal(recorded.length, scenario.steps.length, "a step is not recorded yet");
        for (const [index, answer] of answers.entries()) {
          await t.step(answer.step, () => assert.deepEqual(answer, recorded[index]));
        }
      } finally {
        await double.stop();
      }
    });
  }
}
