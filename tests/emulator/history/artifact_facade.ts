import { type ArtifactBox, artifactView, contentView, findArtifact } from "../artifact/artifact_box.ts";
import { createArtifacts } from "../artifact/create_artifacts.ts";
import { listArtifacts, listContents } from "../artifact/list_artifacts.ts";
import { type Context, json, type Reply, type RouteRow } from "../router.ts";
import { pathRun } from "./run_actions.ts";

/** What a row of the facade does with the artifacts of the run. */
type Action = (context: Context, box: ArtifactBox, path: string) => Promise<Reply> | Reply;

/** Verb behind `.../runs/{runId}/artifacts`, method, effect, action. */
const VERBS: readonly [string, RouteRow["method"], RouteRow["effect"], Action][] = [
  ["", "GET", "read", listArtifacts],
  ["/path", "GET", "read", listArtifacts],
  [
    "/metadata",
    "GET",
    "read",
    (context, box, path) => json(artifactView(box, findArtifact(context, box, path))),
  ],
  [
    "/contentinfo",
    "GET",
    "read",
    (context, box, path) => json(contentView(context, box, findArtifact(context, box, path), "r")),
  ],
  ["/prefix/contentinfo", "GET", "read", listContents],
  ["/artifacturi", "GET", "read", artifactUri],
  ["/batch/metadata", "POST", "write", createArtifacts],
];

/**
 * The artifacts of a run through run history, same shapes as the artifact service (Azure ML run history B.1). The
 * experiment of the path does not matter: recorded artifact addresses say `experiments/0`.
 */
export function facadeRows(scope: "experiments" | "experimentids"): RouteRow[] {
  return VERBS.map(([verb, method, effect, action]) => ({
    name: `history.${scope}.artifacts${verb.replaceAll("/", ".")}`,
    method,
    effect,
    path: `/history/v1.0{+ws}/${scope}/{experiment}/runs/{runId}/artifacts${verb}`,
    handler: (context) => action(context, boxOf(context), context.query.get("path") ?? ""),
  }));
}

function boxOf(context: Context): ArtifactBox {
  return { origin: "ExperimentRun", container: pathRun(context).dataContainerId };
}

function artifactUri(_context: Context, box: ArtifactBox, path: string): Reply {
  return json(`aml://artifact/${box.origin}/${box.container}${path === "" ? "" : `/${path}`}`);
}
