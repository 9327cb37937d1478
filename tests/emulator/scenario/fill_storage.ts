import type { AzuriteProcess } from "../azurite/azurite_process.ts";
import { SEED_CONTENTS } from "./generate_runs.ts";
import type { Loaded } from "./load_scenario.ts";
import { ARTIFACT_STORE } from "../state/artifact.ts";

const AT_ONCE = 8;
const SEEDS_A_COMMAND = 20_000;

/** Makes the containers and writes the bytes that the loaded workspaces need. */
export async function fillStorage(loaded: readonly Loaded[], azurite: AzuriteProcess): Promise<void> {
  for (const { workspace, containers, blobs, seeds } of loaded) {
    for (const container of containers) await workspace.storage.createContainer(container);
    const queue = blobs[Symbol.iterator]();
    await Promise.all(Array.from({ length: AT_ONCE }, async () => {
      for (const blob of queue) {
        const options = {
          append: blob.append,
          ...(blob.contentType ? { contentType: blob.contentType } : {}),
        };
        await workspace.storage.write(blob.container, blob.path, blob.bytes(), options);
      }
    }));
    for (let index = 0; index < seeds.length; index += SEEDS_A_COMMAND) {
      await azurite.seed({
        account: workspace.facts.account,
        container: ARTIFACT_STORE.container,
        contents: Array.from(
          { length: SEED_CONTENTS },
          (_, content) => btoa(`generated content ${content}\n`),
        ),
        blobs: seeds.slice(index, index + SEEDS_A_COMMAND),
      });
    }
  }
}
