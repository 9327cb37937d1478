import type { JsonObject, JsonValue } from "../../../src/records/json.ts";
import { type Context, json, type Reply } from "../router.ts";

/**
 * One page of an ARM list: `{value, nextLink?}`. The link repeats every parameter of the request and adds an opaque
 * `$skip`, as the service does, because clients follow it as it is. Every n-th page (settings) is empty in the middle.
 */
export function armPage<Item>(
  context: Context,
  items: readonly Item[],
  show: (item: Item) => JsonValue,
  size = context.settings.armPageSize,
): Reply {
  const { page, offset } = readToken(context.query.get("$skip"));
  const { emptyPageEvery } = context.settings;
  const blank = emptyPageEvery > 0 && page > 0 && page % emptyPageEvery === 0;
  const end = blank ? offset : Math.min(offset + size, items.length);
  const body: JsonObject = { value: items.slice(offset, end).map(show) };
  if (end < items.length) body.nextLink = nextLink(context, `${page + 1}.${end}`);
  return json(body);
}

function readToken(token: string | null): { page: number; offset: number } {
  if (token === null) return { page: 0, offset: 0 };
  const [page = 0, offset = 0] = atobSafe(token).split(".").map(Number);
  return { page: page || 0, offset: offset || 0 };
}

function atobSafe(token: string): string {
  try {
    return atob(token);
  } catch {
    return "";
  }
}

function nextLink(context: Context, token: string): string {
  const link = new URL(context.url);
  link.searchParams.set("$skip", btoa(token));
  return link.href;
}
