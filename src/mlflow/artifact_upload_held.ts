import { isJsonObject } from "../records/json.ts";
import { integerAt, objectsAt, textAt } from "./json_fields.ts";
import { MLFLOW_ROUTES } from "./routes.ts";
import type { MlflowServer } from "./server.ts";

/**
 * Sizes by path of the files that a run holds, folder by folder (MLflow REST API, "List Artifacts"). Throws `Failure`.
 */
export async function heldFiles(server: MlflowServer, runId: string): Promise<ReadonlyMap<string, number>> {
  const held = new Map<string, number>();
  const folders = [""];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    let token: string | null = null;
    do {
      const query = { run_id: runId, path: folder || undefined, page_token: token ?? undefined };
      const answer = await server.send(MLFLOW_ROUTES.artifacts.list, { query });
      const page = isJsonObject(answer.body) ? answer.body : {};
      for (const file of objectsAt(page, "files")) {
        const path = textAt(file, "path") ?? "";
        if (file.is_dir === true) folders.push(path);
        // An empty file has no size in some answers.
        else held.set(path, integerAt(file, "file_size") ?? 0);
      }
      token = textAt(page, "next_page_token");
    } while (token !== null);
  }
  return held;
}
