import { notFound, ServiceError } from "../errors.ts";
import { type Context, json, type Reply } from "../router.ts";
import {
  type ArtifactBox,
  artifactId,
  artifactView,
  contentView,
  findArtifact,
  newArtifact,
} from "./artifact_box.ts";
import { artifactPlace } from "./artifact_place.ts";

/** `GET .../content?path=`: the bytes, through the service. */
export async function readContent(context: Context, box: ArtifactBox, path: string): Promise<Reply> {
  const artifact = findArtifact(context, box, path);
  const place = artifactPlace(context.workspace, artifact);
  const bytes = await context.workspace.storage.read(place.container, place.path);
  if (bytes === null) throw notFound(`The content of artifact ${artifactId(box, path)} was not found`);
  return { status: 200, headers: { "content-type": "application/octet-stream" }, raw: bytes };
}

/** `POST .../content?path=&append=&allowOverwrite=`: makes or fills an artifact with the body. */
export async function writeContent(context: Context, box: ArtifactBox, path: string): Promise<Reply> {
  const known = context.workspace.artifactsOf(box.origin, box.container)?.get(path);
  const append = flag(context, "append");
  if (known !== undefined && !append && !flag(context, "allowOverwrite")) throw taken(box, path);
  const artifact = known ?? newArtifact(context, box, path);
  const place = artifactPlace(context.workspace, artifact);
  const held = append ? await context.workspace.storage.read(place.container, place.path) : null;
  const bytes = held === null ? context.bytes : joined(held, context.bytes);
  const contentType = context.headers.get("content-type") ?? "application/octet-stream";
  await context.workspace.storage.write(place.container, place.path, bytes, { contentType });
  context.workspace.addArtifact(box.origin, box.container, artifact);
  return json(artifactView(box, artifact));
}

/** `GET .../write?path=`: an upload link for one path; the artifact is made when it is not there. */
export function writeLink(context: Context, box: ArtifactBox, path: string): Reply {
  const known = context.workspace.artifactsOf(box.origin, box.container)?.get(path);
  const artifact = known ?? newArtifact(context, box, path);
  context.workspace.addArtifact(box.origin, box.container, artifact);
  return json(contentView(context, box, artifact, "rcw"));
}

/** Forgets artifacts by path; with `hardDelete=true` the bytes go, too. Paths that are not there do not count. */
export async function deleteArtifacts(
  context: Context,
  box: ArtifactBox,
  paths: readonly string[],
): Promise<Reply> {
  const held = context.workspace.artifactsOf(box.origin, box.container);
  for (const path of paths) {
    const artifact = held?.get(path);
    if (artifact === undefined) continue;
    held?.delete(path);
    const place = artifactPlace(context.workspace, artifact);
    if (flag(context, "hardDelete")) await context.workspace.storage.remove(place.container, place.path);
  }
  return { status: 200 };
}

function flag(context: Context, name: string): boolean {
  return context.query.get(name)?.toLowerCase() === "true";
}

function joined(left: Uint8Array, right: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(left.length + right.length);
  both.set(left);
  both.set(right, left.length);
  return both;
}

function taken(box: ArtifactBox, path: string): ServiceError {
  return new ServiceError({
    status: 409,
    code: "UserError",
    inner: ["ConflictError"],
    message: `Resource Conflict: ArtifactId ${artifactId(box, path)} already exists.`,
  });
}
