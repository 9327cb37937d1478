import type { JsonObject } from "../records/json.ts";
import { ROUTES } from "../wire/routes.ts";
import type { DataPlane } from "./data_plane.ts";
import { objectAt, textAt } from "./json_fields.ts";

/** A file that a run registered, and where its bytes are. */
export interface Registered {
  /** Relative to the run. */
  readonly path: string;
  /** Null where the service does not tell. */
  readonly place: { readonly datastore: string; readonly blob: string } | null;
}

/**
 * The files that are registered in a data container (Azure ML artifact service v2.0, origin `ExperimentRun`). The list
 * tells no sizes. A container that the service does not know has no files. Page by page, so that what came before a
 * page that cannot be read is not lost; throws `Failure` for that page.
 */
export async function* registeredArtifacts(
  plane: DataPlane,
  container: string,
): AsyncGenerator<readonly Registered[]> {
  const vars = { origin: "ExperimentRun", container };
  for await (const page of plane.pages(ROUTES.artifact.list, vars, { accept: [404] })) {
    yield page.map(readRegistered).filter((artifact) => artifact !== null);
  }
}

/** Null for what has no path: it is no file of the contract. */
function readRegistered(artifact: JsonObject): Registered | null {
  const path = textAt(artifact, "path");
  if (path === null) return null;
  const data = objectAt(artifact, "dataPath");
  const datastore = textAt(data, "dataStoreName");
  const blob = textAt(data, "relativePath");
  return { path, place: datastore === null || blob === null ? null : { datastore, blob } };
}
