import type { EmulatorOptions } from "../start.ts";
import { type Generator, type Scenario, scenarioSchema, type ScenarioWorkspace } from "./schema.ts";

const SAMPLE = new URL("../../fixtures/scenarios/sample.json", import.meta.url);

/** The scenario that options ask for, checked. Throws when it does not fit the schema. */
export async function readScenario(options: EmulatorOptions): Promise<Scenario> {
  const generate: Generator = {
    ...options.generate,
    ...(options.jobs === undefined ? {} : { jobs: options.jobs }),
  };
  const generates = Object.keys(generate).length > 0;
  const scenario = await given(options.scenario, generates);
  if (!generates) return scenario;
  const [first, ...rest] = scenario.workspaces;
  if (first === undefined) return scenario;
  return { ...scenario, workspaces: [{ ...first, generate: { ...first.generate, ...generate } }, ...rest] };
}

async function given(scenario: EmulatorOptions["scenario"], generates: boolean): Promise<Scenario> {
  if (scenario === undefined && generates) return { workspaces: emptyWorkspaces() };
  const value = typeof scenario === "object"
    ? scenario
    : JSON.parse(await Deno.readTextFile(scenario ?? SAMPLE));
  return scenarioSchema.parse(value);
}

/** Workspaces `a` and `b`, in two tenants, with nothing in them. */
export function emptyWorkspaces(): [ScenarioWorkspace, ScenarioWorkspace] {
  return [
    {
      key: "a",
      name: "ws-source",
      subscription: "5ab5c41b-0000-4000-8000-00000000000a",
      resource_group: "rg-source",
      guid: "0a0a0a0a-1111-4222-8333-44444444440a",
      region: "eastus",
      tenant: "7e4a4700-0000-4000-8000-00000000000a",
      account: "azmlsource",
    },
    {
      key: "b",
      name: "ws-target",
      subscription: "5ab5c41b-0000-4000-8000-00000000000b",
      resource_group: "rg-target",
      guid: "0b0b0b0b-1111-4222-8333-44444444440b",
      region: "westeurope",
      tenant: "7e4a4700-0000-4000-8000-00000000000b",
      account: "azmltarget",
    },
  ];
}
