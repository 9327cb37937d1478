import { badRequest } from "../errors.ts";

/** Which items of a list one page holds. */
export interface PageWindow {
  readonly from: number;
  /** Behind the last item. */
  readonly to: number;
  /** Opaque; null on the last page. */
  readonly token: string | null;
}

/** How a list is cut into pages. */
export interface PageRule {
  readonly size: number;
  /** Every n-th page is empty and still has a token; 0 = none. */
  readonly emptyEvery: number;
}

/** Where a token points: items already given, pages already given. */
interface Position {
  readonly skip: number;
  readonly page: number;
}

/**
 * The page of a list of `length` items that `token` asks for (null: the first). Tokens are opaque to clients, as the
 * service's are. Throws `ServiceError` 400 for a token that is not ours.
 */
export function pageWindow(length: number, token: string | null, rule: PageRule): PageWindow {
  const { skip, page } = token === null || token === "" ? { skip: 0, page: 1 } : readToken(token);
  const from = Math.min(skip, length);
  const blank = rule.emptyEvery > 0 && page % rule.emptyEvery === 0 && from < length;
  const to = blank ? from : Math.min(from + rule.size, length);
  return { from, to, token: to < length ? writeToken({ skip: to, page: page + 1 }) : null };
}

function writeToken(position: Position): string {
  return btoa(`azml-emulator|${position.skip}|${position.page}`).replaceAll("=", "");
}

function readToken(token: string): Position {
  const match = /^azml-emulator\|(\d+)\|(\d+)$/.exec(decoded(token));
  if (match === null) throw badRequest("The continuation token is not valid.");
  return { skip: Number(match[1]), page: Number(match[2]) };
}

function decoded(token: string): string {
  try {
    return atob(token);
  } catch {
    return "";
  }
}
