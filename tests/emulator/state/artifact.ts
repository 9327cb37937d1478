/** A registered artifact: where it says its bytes are. The bytes are blobs, or not there. */
export interface Artifact {
  readonly path: string;
  readonly dataStoreName: string;
  /** Path within the datastore's container, e.g. `ExperimentRun/dcid.x/outputs/model.pkl`. */
  readonly relativePath: string;
  readonly createdTime: string;
  readonly etag: string;
  tags: Record<string, string> | null;
}

/** The datastore and the container where the artifacts of runs lie unless they say otherwise. */
export const ARTIFACT_STORE = { datastore: "workspaceartifactstore", container: "azureml" } as const;

/** `{origin}/{container}`: the key under which a workspace keeps artifacts. */
export function containerKey(origin: string, container: string): string {
  return `${origin}/${container}`;
}
