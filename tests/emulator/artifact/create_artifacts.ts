import type { JsonObject, JsonValue } from "../../../src/records/json.ts";
import { badRequest, overLimit, ServiceError } from "../errors.ts";
import { listValue, objectValue, textMap, textValue } from "../history/body_values.ts";
import { errorInside } from "../history/run_data.ts";
import { bodyObject, type Context, json, type Reply } from "../router.ts";
import type { Artifact } from "../state.ts";
import {
  type ArtifactBox,
  artifactId,
  artifactView,
  contentView,
  findArtifact,
  newArtifact,
} from "./artifact_box.ts";

/** Paths a request may name: the number at which every released client cuts. */
const MAX_PATHS = 50;
const MAX_PATH_LENGTH = 5000;

/**
 * `POST .../batch/metadata` with `{paths: [{path, tags?}]}`: makes empty artifacts and answers an upload link for each
 * (Azure ML artifacts B.4). A path that is taken stands in `errors` with the service's words, known from public bug
 * reports: `Resource Conflict: ArtifactId ... already exists.`
 */
export function createArtifacts(context: Context, box: ArtifactBox): Reply {
  const paths = listValue(bodyObject(context).paths);
  if (context.settings.enforceLimits && paths.length > MAX_PATHS) {
    throw overLimit("ArtifactPathList.Paths/Count", MAX_PATHS, paths.length);
  }
  const artifacts: JsonObject = {};
  const links: JsonObject = {};
  const errors: JsonObject = {};
  for (const entry of paths) {
    const path = pathOf(entry);
    try {
      const artifact = createOne(context, box, path, entry);
      artifacts[path] = artifactView(box, artifact);
      links[path] = contentView(context, box, artifact, "rcw");
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      errors[path] = errorInside(context, error, "artifact");
    }
  }
  return json({ artifacts, artifactContentInformation: links, errors });
}

function createOne(context: Context, box: ArtifactBox, path: string, entry: JsonValue): Artifact {
  if (context.workspace.artifactsOf(box.origin, box.container)?.has(path)) {
    throw new ServiceError({
      status: 409,
      code: "UserError",
      inner: ["ConflictError"],
      message: `Resource Conflict: ArtifactId ${artifactId(box, path)} already exists.`,
    });
  }
  const artifact = newArtifact(context, box, path, undefined, textMap(objectValue(entry)?.tags));
  context.workspace.addArtifact(box.origin, box.container, artifact);
  return artifact;
}

function pathOf(entry: JsonValue): string {
  const path = textValue(objectValue(entry)?.path) ?? "";
  if (path === "") throw badRequest("An artifact needs a path.");
  if (path.length > MAX_PATH_LENGTH) throw overLimit("Path", MAX_PATH_LENGTH, path.length);
  return path;
}

/** `POST artifacts/register`: links a blob that lies in any datastore already; registering again replaces the link. */
export function registerArtifact(context: Context): Reply {
  const body = bodyObject(context);
  const box = boxOfBody(body);
  const path = pathOf(body);
  const at = objectValue(body.dataPath);
  const dataStoreName = textValue(at?.dataStoreName);
  const relativePath = textValue(at?.relativePath);
  const place = dataStoreName === null || relativePath === null ? undefined : { dataStoreName, relativePath };
  const artifact = newArtifact(context, box, path, place, textMap(body.tags));
  context.workspace.addArtifact(box.origin, box.container, artifact);
  return json(artifactView(box, artifact));
}

function boxOfBody(body: JsonObject): ArtifactBox {
  const origin = textValue(body.origin);
  const container = textValue(body.container);
  if (origin === null || container === null) throw badRequest("An artifact needs an origin and a container.");
  return { origin, container };
}

/** `POST artifacts/batch/metadata` with `{artifactIds}`: artifacts and read links by id, errors for those not there. */
export function artifactsById(context: Context): Reply {
  const artifacts: JsonObject = {};
  const links: JsonObject = {};
  const errors: JsonObject = {};
  for (const id of listValue(bodyObject(context).artifactIds).map((value) => textValue(value) ?? "")) {
    const [origin = "", container = "", ...path] = id.split("/");
    const box = { origin, container };
    try {
      const artifact = findArtifact(context, box, path.join("/"));
      artifacts[id] = artifactView(box, artifact);
      links[id] = contentView(context, box, artifact, "r");
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      errors[id] = errorInside(context, error, "artifact");
    }
  }
  return json({ artifacts, artifactContentInformation: links, errors });
}
