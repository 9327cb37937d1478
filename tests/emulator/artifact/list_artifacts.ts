import type { JsonObject } from "../../../src/records/json.ts";
import { pageWindow } from "../history/page_window.ts";
import { type Context, json, type Reply } from "../router.ts";
import type { Artifact } from "../state.ts";
import { type ArtifactBox, artifactsBelow, artifactView, contentView } from "./artifact_box.ts";

/** `PaginatedArtifactList`: flat, without sizes, below `path` when the query has one. */
export function listArtifacts(context: Context, box: ArtifactBox, prefix: string): Reply {
  return paged(context, artifactsBelow(context, box, prefix), (artifact) => artifactView(box, artifact));
}

/** A read link for every artifact below a prefix, paged. */
export function listContents(context: Context, box: ArtifactBox, prefix: string): Reply {
  return paged(
    context,
    artifactsBelow(context, box, prefix),
    (artifact) => contentView(context, box, artifact, "r"),
  );
}

function paged(
  context: Context,
  artifacts: readonly Artifact[],
  view: (artifact: Artifact) => JsonObject,
): Reply {
  const { settings, query } = context;
  const token = query.get("continuationToken") ?? query.get("$continuationToken");
  const rule = { size: settings.artifactPageSize, emptyEvery: settings.emptyPageEvery };
  const page = pageWindow(artifacts.length, token, rule);
  const value = artifacts.slice(page.from, page.to).map(view);
  if (page.token === null) return json({ value });
  const next = new URL(context.url);
  next.searchParams.set("continuationToken", page.token);
  return json({
    value,
    continuationToken: page.token,
    nextLink: `${context.base}${next.pathname}${next.search}`,
  });
}
