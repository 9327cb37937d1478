import { filled } from "./call.ts";
import { invalid } from "./mlflow_error.ts";
import type { WireValue } from "./json_text.ts";

/** Cuts one page out of what was found; tokens are base64 of `{"offset": n}` as on real servers. */
export function page<T>(
  found: readonly T[],
  size: number,
  token: string,
): { readonly items: readonly T[]; readonly token: string | undefined } {
  const from = token === "" ? 0 : offsetOf(token);
  const rest = from + size < found.length;
  return { items: found.slice(from, from + size), token: rest ? tokenOf(from + size) : undefined };
}

/** A page as it is answered; an empty list is left out. */
export function pageJson<T>(
  name: string,
  found: readonly T[],
  [size, token]: readonly [number, string],
  show: (item: T) => WireValue,
): { json: WireValue } {
  const cut = page(found, size, token);
  return { json: { [name]: filled(cut.items.map(show)), next_page_token: cut.token } };
}

/** The token of an offset. */
export function tokenOf(offset: number): string {
  return btoa(JSON.stringify({ offset }));
}

/** The offset of a token; 400 when it is none. */
export function offsetOf(token: string): number {
  try {
    const offset: unknown = JSON.parse(atob(token)).offset;
    if (typeof offset === "number") return offset;
  } catch {
    // Falls through to the answer.
  }
  throw invalid("Invalid page token, could not base64-decode");
}
