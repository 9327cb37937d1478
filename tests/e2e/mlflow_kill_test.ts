import assert from "node:assert/strict";
import { type MlflowDouble, startMlflow } from "../mlflow/start.ts";
import { countBy, until } from "./lab.ts";
import { Shell } from "./shell.ts";

/** What stands in a server, without the ids that it made. */
function stateOf({ state }: MlflowDouble): unknown {
  const runs = [...state.runs.values()].map((run) => {
    const { tags, params, metrics } = run.data;
    const kept = [...tags].filter(([key]) => key !== "mlflow.parentRunId").sort();
    const points = [...metrics].map(([key, series]) => [key, series.length]).sort();
    const parent = tags.get("mlflow.parentRunId");
    return {
      name: run.name,
      status: run.status,
      parent: parent === undefined ? null : state.runs.get(parent)?.name,
      tags: kept,
      params: [...params].sort(),
      points,
    };
  });
  const models = [...state.models.values()].map(({ name, versions, aliases }) => ({
    name,
    versions: [...versions.values()].map(({ version, runId }) => [version, state.runs.get(runId)?.name]),
    aliases: [...aliases].sort(),
  }));
  return { runs: runs.sort((a, b) => a.name < b.name ? -1 : 1), models };
}

/** Where in its work submit is killed: a route, and after how many requests of it. */
const MOMENTS: readonly (readonly [route: string, times: number])[] = [
  ["experiments.create", 1],
  ["runs.create", 7],
  ["runs.log_batch", 1],
  ["runs.update", 5],
  ["proxy.put", 9],
  ["versions.create", 2],
];

const OPTIONS = { runs: 12, children: 3, metrics: 2, points: 5, files: 2, models: 2 } as const;

for (const [route, times] of MOMENTS) {
  Deno.test(`kill -9 of submit to MLflow at request ${times} of ${route}: the next run ends as a clean one would`, async () => {
    await using shell = await Shell.make();
    const source = await startMlflow(OPTIONS);
    const [clean, target] = [await startMlflow(), await startMlflow()];
    try {
      const submit = (to: MlflowDouble) =>
        `azml submit --source ${source.url} --target ${to.url} < all.ndjson`;
      await shell.run(`azml extract --source ${source.url} > all.ndjson; ${submit(clean)}`);
      const reached = () => target.requests().filter((line) => line.route === route).length >= times;
      // Each answer of the route is held up, so that the kill comes while it is under way.
      target.fault({ match: route, after: times - 1, action: { kind: "delay", ms: 2_000 } });
      const killed = shell.run(
        `${submit(target)} & child=$!; while [ ! -e die ]; do sleep 0.05; done; kill -9 $child; wait`,
      );
      await until(reached);
      await shell.write("die", "");
      await killed;
      target.clearFaults();
      const again = await shell.run(submit(target));
      assert.equal(again.code, 0, again.stderr);
      assert.deepEqual(stateOf(target), stateOf(clean));
      const third = await shell.run(submit(target));
      assert.deepEqual(Object.keys(countBy(third.stdout, "receipt", "outcome")), ["unchanged"]);
    } finally {
      await Promise.all([source, clean, target].map((server) => server.stop()));
    }
  });
}
