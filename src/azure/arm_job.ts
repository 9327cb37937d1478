import { isJsonObject, type JsonObject } from "../records/json.ts";
import type { Want } from "../stages/ports.ts";
import { ROUTES } from "../wire/routes.ts";
import type { DataPlane } from "./data_plane.ts";
import { objectAt, textAt } from "./json_fields.ts";

/** A job resource of ARM. */
export interface ArmJob {
  readonly id: string;
  /** Null for a step of a pipeline, which only run history knows. */
  readonly properties: JsonObject | null;
  readonly systemData: JsonObject | null;
}

const VIEWS = { exclude: "ActiveOnly", include: "All", only: "ArchivedOnly" } as const satisfies Record<
  Want["archived"],
  string
>;

function readArmJob(json: JsonObject): ArmJob | null {
  const id = textAt(json, "name") ?? textAt(json, "id")?.split("/").at(-1) ?? null;
  if (id === null) return null;
  return { id, properties: objectAt(json, "properties"), systemData: objectAt(json, "systemData") };
}

/**
 * The top-level jobs that ARM lists, page by page (pages may be empty), following `nextLink` as the service gives it.
 * Throws `Failure` when a page cannot be read: what comes behind it is then not known.
 */
export async function* listArmJobs(
  plane: DataPlane,
  archived: Want["archived"],
): AsyncGenerator<readonly ArmJob[]> {
  const query = { listViewType: VIEWS[archived] };
  for await (const page of plane.armPages(ROUTES.arm.jobs, { query })) {
    yield page.map(readArmJob).filter((job) => job !== null);
  }
}

/**
 * The definition of one job; null when ARM has none: no such job, a step of a pipeline (answered without
 * `properties`), a trial of AutoML (refused as `JobNotSupported`). Throws `Failure` for everything else.
 */
export async function getArmJob(plane: DataPlane, id: string): Promise<ArmJob | null> {
  const { status, body } = await plane.askArm(ROUTES.arm.job, { name: id }, { accept: [400, 404] });
  const job = status === 200 && isJsonObject(body) ? readArmJob(body) : null;
  return job === null || job.properties === null ? null : job;
}
