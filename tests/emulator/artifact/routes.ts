import type { JsonValue } from "../../../src/records/json.ts";
import { listValue, objectValue, textValue } from "../history/body_values.ts";
import { bodyObject, type Context, json, type Reply, type RouteRow } from "../router.ts";
import { artifactsById, createArtifacts, registerArtifact } from "./create_artifacts.ts";
import { deleteArtifacts, readContent, writeContent, writeLink } from "./artifact_bytes.ts";
import { type ArtifactBox, artifactView, contentView, findArtifact } from "./artifact_box.ts";
import { listArtifacts, listContents } from "./list_artifacts.ts";

/** What a verb does with a container and a path. */
type Action = (context: Context, box: ArtifactBox, path: string) => Promise<Reply> | Reply;

/** One verb of the service, reachable by both path orders. */
interface Verb {
  readonly name: string;
  readonly method: RouteRow["method"];
  readonly verb: string;
  readonly effect: RouteRow["effect"];
  readonly action: Action;
}

const VERBS: readonly Verb[] = [
  { name: "createMany", method: "POST", verb: "batch/metadata", effect: "write", action: createArtifacts },
  {
    name: "prefixContentInfo",
    method: "GET",
    verb: "prefix/contentinfo",
    effect: "read",
    action: listContents,
  },
  {
    name: "contentInfo",
    method: "GET",
    verb: "contentinfo",
    effect: "read",
    action: (context, box, path) => json(contentView(context, box, findArtifact(context, box, path), "r")),
  },
  {
    name: "metadata",
    method: "GET",
    verb: "metadata",
    effect: "read",
    action: (context, box, path) => json(artifactView(box, findArtifact(context, box, path))),
  },
  {
    name: "delete",
    method: "DELETE",
    verb: "metadata",
    effect: "write",
    action: (context, box, path) => {
      findArtifact(context, box, path);
      return deleteArtifacts(context, box, [path]);
    },
  },
  { name: "read", method: "GET", verb: "content", effect: "read", action: readContent },
  { name: "fill", method: "POST", verb: "content", effect: "write", action: writeContent },
  { name: "write", method: "GET", verb: "write", effect: "write", action: writeLink },
  {
    name: "deleteMany",
    method: "POST",
    verb: "batch/metadata:delete",
    effect: "write",
    action: (context, box) =>
      deleteArtifacts(context, box, listValue(bodyObject(context).paths).map(pathText)),
  },
];

const BASE = "/artifact/v2.0{+ws}/artifacts";

/** Rows of the artifact service; both path orders are in use (Azure ML artifacts B.4). */
export const routes: RouteRow[] = [
  row("register", "POST", "/register", "write", registerArtifact),
  row("createOne", "POST", "/metadata", "write", registerArtifact),
  row("byId", "POST", "/batch/metadata", "read", artifactsById),
  ...VERBS.flatMap(verbFirst),
  ...VERBS.map(containerFirst),
  row("deleteAll", "DELETE", "/{origin}/{container}/batch", "write", (context) => {
    const held = context.workspace.artifactsOf(box(context).origin, box(context).container);
    return deleteArtifacts(context, box(context), [...held?.keys() ?? []]);
  }),
  row(
    "list",
    "GET",
    "/{origin}/{container}",
    "read",
    (context) => listArtifacts(context, box(context), path(context)),
  ),
];

function row(
  name: string,
  method: RouteRow["method"],
  tail: string,
  effect: RouteRow["effect"],
  handler: RouteRow["handler"],
): RouteRow {
  return { name: `artifact.${name}`, method, path: `${BASE}${tail}`, effect, handler };
}

/** `<artifacts>/{verb}/{origin}/{container}[/{path}]`, as azureml-core writes it. */
function verbFirst({ name, method, verb, effect, action }: Verb): RouteRow[] {
  const handler: RouteRow["handler"] = (context) => action(context, box(context), path(context));
  const tail = `/${verb}/{origin}/{container}`;
  return [
    row(`v1.${name}`, method, tail, effect, handler),
    row(`v1.${name}.path`, method, `${tail}/{path*}`, effect, handler),
  ];
}

/** `<artifacts>/{origin}/{container}/{verb}?path=`. */
function containerFirst({ name, method, verb, effect, action }: Verb): RouteRow {
  const handler: RouteRow["handler"] = (context) => action(context, box(context), path(context));
  return row(name, method, `/{origin}/{container}/${verb}`, effect, handler);
}

function box({ params }: Context): ArtifactBox {
  return { origin: params.origin ?? "", container: params.container ?? "" };
}

function path({ params, query }: Context): string {
  return params.path ?? query.get("path") ?? "";
}

function pathText(entry: JsonValue): string {
  return textValue(typeof entry === "string" ? entry : objectValue(entry)?.path) ?? "";
}
