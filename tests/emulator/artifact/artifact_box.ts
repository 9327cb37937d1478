import type { JsonObject } from "../../../src/records/json.ts";
import { notFound } from "../errors.ts";
import type { Context } from "../router.ts";
import type { Artifact } from "../state.ts";
import { ARTIFACT_STORE } from "../state/artifact.ts";
import { artifactPlace } from "./artifact_place.ts";

/** The artifacts of one container of one origin: what every artifact route and the run history facade work on. */
export interface ArtifactBox {
  /** `ExperimentRun`, `LocalUpload`, `WebUpload`, `Dataset`, `Unknown`. */
  readonly origin: string;
  /** For runs the `dataContainerId`. */
  readonly container: string;
}

/** An `Artifact` as the service answers it (Azure ML artifacts B.4, recorded answer of `register`). */
export function artifactView(box: ArtifactBox, artifact: Artifact): JsonObject {
  return {
    artifactId: artifactId(box, artifact.path),
    origin: box.origin,
    container: box.container,
    path: artifact.path,
    etag: artifact.etag,
    createdTime: artifact.createdTime,
    dataPath: { dataStoreName: artifact.dataStoreName, relativePath: artifact.relativePath },
    tags: { ...artifact.tags },
  };
}

/** `ArtifactContentInformation`: where the bytes are, with a SAS of these permissions. */
export function contentView(
  context: Context,
  box: ArtifactBox,
  artifact: Artifact,
  permissions: "r" | "rcw",
): JsonObject {
  const { container, path } = artifactPlace(context.workspace, artifact);
  return {
    contentUri: context.workspace.storage.sasUrl(context.base, container, path, permissions),
    origin: box.origin,
    container: box.container,
    path: artifact.path,
    tags: { ...artifact.tags },
  };
}

/** `{origin}/{container}/{path}`. */
export function artifactId(box: ArtifactBox, path: string): string {
  return `${box.origin}/${box.container}/${path}`;
}

/** The artifact of a path. Throws `ServiceError` 404. */
export function findArtifact(context: Context, box: ArtifactBox, path: string): Artifact {
  const artifact = context.workspace.artifactsOf(box.origin, box.container)?.get(path);
  if (artifact === undefined) throw notFound(`Could not find artifact with id ${artifactId(box, path)}`);
  return artifact;
}

/** Artifacts whose path starts with a prefix, by path. */
export function artifactsBelow(context: Context, box: ArtifactBox, prefix: string): readonly Artifact[] {
  const all = [...context.workspace.artifactsOf(box.origin, box.container)?.values() ?? []];
  return all
    .filter((artifact) => artifact.path.startsWith(prefix))
    .sort((left, right) => left.path < right.path ? -1 : 1);
}

/** A new artifact record; its bytes lie in the artifact store below origin and container unless `at` says where. */
export function newArtifact(
  context: Context,
  box: ArtifactBox,
  path: string,
  at: Pick<Artifact, "dataStoreName" | "relativePath"> = {
    dataStoreName: ARTIFACT_STORE.datastore,
    relativePath: artifactId(box, path),
  },
  tags: Record<string, string> = {},
): Artifact {
  return {
    path,
    ...at,
    createdTime: context.workspace.clock.now(),
    etag: `"${crypto.randomUUID()}"`,
    tags,
  };
}
