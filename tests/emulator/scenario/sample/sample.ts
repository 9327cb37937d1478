import { emptyWorkspaces } from "../read_scenario.ts";
import type { Scenario } from "../schema.ts";
import { commandJobs } from "./command_jobs.ts";
import { otherRuns } from "./other_runs.ts";
import { pipelines } from "./pipelines.ts";
import { searches } from "./searches.ts";

/** The sample: a workspace `a` with every shape of work that migrations meet, and an empty `b` in another tenant. */
export function sample(): Scenario {
  const [a, b] = emptyWorkspaces();
  return {
    $schema: "./scenario.schema.json",
    description:
      "Made by tests/emulator/scenario/write_fixtures.ts from recorded exchanges and official examples; do not edit.",
    workspaces: [
      {
        ...a,
        datastores: [
          { name: "shared_data", container: "shared-data" },
          { name: "identity_data", container: "identity-data", credentials: "None" },
        ],
        experiments: [{ name: "churn", description: "Who leaves, and why.", tags: { owner: "growth" } }],
        runs: [...commandJobs(), ...pipelines(), ...searches(), ...otherRuns()],
        assets: [
          {
            kind: "environments",
            name: "train-env",
            version: "3",
            properties: {
              image: "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04",
              condaFile: null,
              osType: "Linux",
              isArchived: false,
              tags: {},
              properties: {},
            },
          },
          {
            kind: "models",
            name: "churn-model",
            version: "1",
            properties: {
              modelType: "custom_model",
              modelUri: "azureml://jobs/brave_apple_k3x9q2/outputs/artifacts/paths/outputs/model.pkl",
              jobName: "brave_apple_k3x9q2",
              flavors: {},
              isArchived: false,
              tags: { stage: "candidate" },
              properties: {},
            },
          },
          {
            kind: "data",
            name: "churn_table",
            version: "1",
            properties: {
              dataType: "mltable",
              dataUri: "azureml://datastores/workspaceblobstore/paths/churn/",
              isArchived: false,
              tags: {},
              properties: {},
            },
          },
        ],
      },
      b,
    ],
  };
}
