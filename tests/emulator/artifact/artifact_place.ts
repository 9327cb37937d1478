import type { Artifact, WorkspaceState } from "../state.ts";
import { ARTIFACT_STORE } from "../state/artifact.ts";

/** Where the bytes of an artifact are. */
export interface ArtifactPlace {
  readonly container: string;
  readonly path: string;
}

/** The container and the blob that an artifact's `dataPath` names; unknown datastores mean the artifact store's. */
export function artifactPlace(workspace: WorkspaceState, artifact: Artifact): ArtifactPlace {
  const container = workspace.datastores.get(artifact.dataStoreName)?.container ?? ARTIFACT_STORE.container;
  return { container, path: artifact.relativePath };
}
