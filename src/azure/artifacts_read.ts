import type { BlobContainer, BlobItem } from "../blob/container.ts";
import type { FileRef, StoreRef } from "../records/artifacts.ts";
import { Failure } from "../records/failure.ts";
import { ArtifactFaults, type ReadFiles } from "./artifact_faults.ts";
import type { DataPlane } from "./data_plane.ts";
import { each, readAhead } from "./read_ahead.ts";
import { type Registered, registeredArtifacts } from "./registered_artifacts.ts";
import type { Workspace } from "./workspace.ts";

/** Where runs keep their files unless the artifact service says otherwise (Azure ML, recorded log addresses). */
const DEFAULT_DATASTORE = "workspaceartifactstore";

/** Files in other datastores that are asked for their size at a time. */
const HEADS_AT_A_TIME = 8;

/** A folder of a datastore, with its trailing slash. */
interface Place {
  readonly datastore: string;
  readonly prefix: string;
}

/**
 * The files of a run by its data container (a reused step has that of the run it reuses): the union of the registered
 * artifacts and of the blobs below the container's folder, because logs may lie there unregistered. Sizes and hashes
 * come from the blob listing. A registered file in another place gets `at`, and its size by one request of its own.
 * What a service refuses to tell is a fault, and the half that the other one told is kept. Throws `Failure` when both
 * refuse, and for what hits every request.
 */
export async function readArtifacts(plane: DataPlane, container: string): Promise<ReadFiles> {
  const faults = new ArtifactFaults(plane.signal);
  const registered: Registered[] = [];
  const isRegisterRead = await faults.during("the registered files could not be listed", async () => {
    for await (const page of registeredArtifacts(plane, container)) registered.push(...page);
  });
  const home = homeOf(registered, container);
  const files = new Map<string, FileRef>();
  let store = nameOf(plane.workspace, home.datastore);
  const areBlobsRead = await faults.during(
    "the blobs could not be listed, so sizes and unregistered files are not known",
    async () => {
      store = await storeOf(plane.workspace, home);
      for await (const page of blobsBelow(await plane.workspace.container(home.datastore), home.prefix)) {
        for (const blob of page) {
          const path = blob.name.slice(home.prefix.length);
          if (path !== "") files.set(path, fileOf(path, blob));
        }
      }
    },
  );
  if (!isRegisterRead && !areBlobsRead && registered.length + files.size === 0) faults.throwFirst();
  const strays = registered.filter(({ path, place }) => isElsewhere(path, place, home) || !files.has(path));
  const locate = (artifact: Registered) => strayFile(plane, home, artifact, faults);
  for await (const file of readAhead(each(strays), HEADS_AT_A_TIME, plane.signal, locate)) {
    files.set(file.path, file);
  }
  const sorted = [...files.values()].sort((a, b) => a.path < b.path ? -1 : 1);
  return { artifacts: { store: { ...store, prefix: home.prefix }, files: sorted }, faults: faults.all() };
}

/** Where most of the registered files with the container's own folder lie; the default store when there are none. */
function homeOf(registered: readonly Registered[], container: string): Place {
  const prefix = `ExperimentRun/${container}/`;
  const counts = new Map<string, number>();
  for (const { path, place } of registered) {
    if (place !== null && place.blob === prefix + path) {
      counts.set(place.datastore, (counts.get(place.datastore) ?? 0) + 1);
    }
  }
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return { datastore: most?.[0] ?? DEFAULT_DATASTORE, prefix };
}

function isElsewhere(path: string, place: Registered["place"], home: Place): boolean {
  return place !== null && (place.datastore !== home.datastore || place.blob !== home.prefix + path);
}

/** A container that is not there (no run has written to it yet) holds no blobs. */
async function* blobsBelow(container: BlobContainer, prefix: string): AsyncGenerator<readonly BlobItem[]> {
  try {
    yield* container.list(prefix);
  } catch (error) {
    if (!(error instanceof Failure) || error.facts.status !== 404) throw error;
  }
}

/** A registered file that the listing of the home folder does not show. */
async function strayFile(
  plane: DataPlane,
  home: Place,
  { path, place }: Registered,
  faults: ArtifactFaults,
): Promise<FileRef> {
  if (place === null || !isElsewhere(path, place, home)) return { path, size: null };
  try {
    const container = await plane.workspace.container(place.datastore);
    const blob = await container.head(place.blob);
    const store = await storeOf(plane.workspace, { datastore: place.datastore, prefix: "" });
    return {
      ...(blob === null ? { path, size: null } : fileOf(path, blob)),
      at: { store, path: place.blob },
    };
  } catch (error) {
    faults.add(`the size of ${path} in datastore ${place.datastore} is not known`, error);
    return { path, size: null, at: { store: nameOf(plane.workspace, place.datastore), path: place.blob } };
  }
}

function fileOf(path: string, blob: BlobItem): FileRef {
  return {
    path,
    size: blob.size,
    ...(blob.md5 === null ? {} : { md5: blob.md5 }),
    ...(blob.contentType === null ? {} : { content_type: blob.contentType }),
  };
}

async function storeOf(workspace: Workspace, place: Place): Promise<StoreRef> {
  const { endpoint, container } = await workspace.datastore(place.datastore);
  return { ...nameOf(workspace, place.datastore), endpoint, container, prefix: place.prefix };
}

/** A store by its name alone, where its datastore could not be asked for. */
function nameOf(workspace: Workspace, datastore: string): StoreRef {
  const { subscription, resourceGroup, workspace: name } = workspace.names;
  return {
    kind: "azure-blob",
    workspace: `azureml://subscriptions/${subscription}/resourceGroups/${resourceGroup}/workspaces/${name}`,
    datastore,
    tenant: workspace.tenant,
  };
}
