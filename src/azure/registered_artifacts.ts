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
 * tells no sizes. A container that the service does not know has no files. Throws `Failure` when it cannot be read.
 */
export async function registeredArtifacts(
  plane: DataPlane,
  container: string,
): Promise<readonly Registered[]> {
  const found: Registered[] = [];
  const vars = { origin: "ExperimentRun", container };
  for await (const page of plane.pages(ROUTES.artifact.list, vars, { accept: [404] })) {
    for (const artifact of page) {
      const path = textAt(artifact, "path");
      if (path === null) continue;
      const data = objectAt(artifact, "dataPath");
      const datastore = textAt(data, "dataStoreName");
      const blob = textAt(data, "relativePath");
      found.push({ path, place: datastore === null || blob === null ? null : { datastore, blob } });
    }
  }
  return found;
}
