import type { Scenario } from "../../emulator/scenario/schema.ts";

/** The workspace that the recorded clients spoke to: their paths name it, so requests go out as they are. */
export const recordedWorkspace: Scenario = {
  workspaces: [{
    key: "a",
    name: "ws1",
    subscription: "00000000-0000-0000-0000-000000000001",
    resource_group: "rg1",
    guid: "11111111-2222-3333-4444-555555555555",
    region: "eastus",
    tenant: "7e4a4700-0000-4000-8000-00000000000c",
    account: "acct1",
    experiments: [{ name: "exp1" }, { name: "expm" }, { name: "v1exp" }],
    runs: [{
      id: "cmd-all",
      experiment: "exp1",
      arm: "listed",
      display_name: "cmd-all",
      definition: {
        jobType: "Command",
        command: "echo hi",
        environmentId: "azureml:e:1",
        tags: {},
        properties: {},
      },
      outputs: {
        o: { assetId: "azureml://locations/eastus/workspaces/x/data/o/versions/1", type: "UriFolder" },
        m: { assetId: "azureml://locations/eastus/workspaces/x/models/m/versions/1", type: "CustomModel" },
      },
      artifacts: [
        { path: "outputs/a.txt", text: "a" },
        { path: "user_logs/std_log.txt", text: "hello\n" },
      ],
      children: [
        { id: "child1", arm: "child", display_name: "step1" },
        { id: "child2", arm: "child", display_name: "step2" },
        { id: "child3", arm: "child", display_name: "step3" },
      ],
    }],
    assets: [
      asset("data", "o", {
        dataType: "uri_folder",
        dataUri: "azureml://datastores/workspaceblobstore/paths/azureml/x/out/",
      }),
      asset("models", "m", {
        modelType: "custom_model",
        modelUri: "azureml://datastores/workspaceblobstore/paths/azureml/x/model/",
        flavors: {},
      }),
    ],
  }],
};

type ScenarioAsset = NonNullable<Scenario["workspaces"][number]["assets"]>[number];

function asset(
  kind: ScenarioAsset["kind"],
  name: string,
  properties: ScenarioAsset["properties"],
): ScenarioAsset {
  return { kind, name, version: "1", properties };
}
