import { type ScenarioRun, scenarioSchema } from "../../emulator/scenario/schema.ts";

const SAMPLE = new URL("../../fixtures/scenarios/sample.json", import.meta.url);
const START = "2024-05-01T10:00:00.000Z";

/** Name of the run that is wider than one request of every kind holds. */
export const WIDE_RUN = "wide_run";
/** How many children it has: more than one look-up names. */
export const CHILDREN = 120;

/** The runs of the sample (without those that need a datastore of their own), and one of 120 metrics, 700 points of one metric, 120 files and 120 children. */
export async function sourceRuns(): Promise<ScenarioRun[]> {
  const sample = scenarioSchema.parse(JSON.parse(await Deno.readTextFile(SAMPLE)));
  const runs = sample.workspaces[0]?.runs ?? [];
  const isSelfContained = ({ artifacts = [] }: ScenarioRun) =>
    artifacts.every(({ datastore }) => datastore === undefined);
  return [...runs.filter(isSelfContained), wideRun()];
}

function wideRun(): ScenarioRun {
  const numbers = Array.from({ length: CHILDREN }, (_, index) => index);
  return {
    id: WIDE_RUN,
    experiment: "wide",
    arm: "none",
    created_at: START,
    started_at: START,
    ended_at: "2024-05-01T11:00:00.000Z",
    params: Object.fromEntries(numbers.map((number) => [`param_${number}`, String(number)])),
    metrics: [
      { name: "long", curve: { count: 700, from: 1, to: 0, start: START, every_ms: 1000 } },
      ...numbers.map((number) => ({
        name: `metric_${number}`,
        points: [[0, START, number] satisfies [number, string, number]],
      })),
    ],
    artifacts: numbers.map((number) => ({ path: `outputs/part_${number}.txt`, text: String(number) })),
    children: numbers.map((number) => ({ id: `${WIDE_RUN}_${number}`, arm: "none", created_at: START })),
  };
}
