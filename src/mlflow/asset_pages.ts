import type { JsonObject, JsonValue } from "../records/json.ts";
import type { Route } from "../wire/wire.ts";
import { objectsAt, textAt } from "./json_fields.ts";
import type { RunReads } from "./run_reads.ts";

/** A list that a server gives in pages. */
export interface AssetList {
  /** A GET takes `params` as its query, a POST as its body. */
  readonly route: Route;
  readonly params: Readonly<Record<string, JsonValue>>;
  /** Where the objects stand in an answer. */
  readonly key: string;
}

/**
 * The pages of a list of experiments, models, versions or logged models, until the server names no next one. Throws
 * `Failure` when a page cannot be read.
 */
export async function* assetPages(
  reads: Pick<RunReads, "ask" | "signal">,
  { route, params, key }: AssetList,
): AsyncGenerator<readonly JsonObject[], void, undefined> {
  let token: string | null = null;
  do {
    const all: Record<string, JsonValue> = { ...params, ...(token === null ? {} : { page_token: token }) };
    const answer: JsonObject = await reads.ask(
      route,
      route.method === "GET" ? { query: queryOf(all) } : { body: all },
    );
    const before: string | null = token;
    token = textAt(answer, "next_page_token");
    const found = objectsAt(answer, key);
    if (found.length > 0) yield found;
    // A server that answers the token it was given would be asked for ever.
    if (token === before) return;
  } while (token !== null && !reads.signal.aborted);
}

function queryOf(params: Record<string, JsonValue>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params).map((
      [name, value],
    ) => [name, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}
