import { invalid } from "../mlflow_error.ts";
import type { Store } from "../state/store.ts";

/** A path as MLflow reads it: unescaped until nothing is left to unescape. Throws 400 for what it refuses. */
export function safePath(path: string): string {
  let plain = path;
  for (let next = unescapeOnce(plain); next !== plain; next = unescapeOnce(plain)) plain = next;
  const parts = plain.split("/");
  if (plain.includes("#") || plain.startsWith("/") || parts.includes("..") || plain.includes("\\")) {
    throw invalid("Invalid path");
  }
  return plain;
}

/** Unescapes what is an escape and leaves the rest. */
function unescapeOnce(path: string): string {
  return path.replaceAll(/(?:%[0-9a-f]{2})+/gi, (escaped) => {
    try {
      return decodeURIComponent(escaped);
    } catch {
      return escaped;
    }
  });
}

/** The key under which the files of an artifact address are held: `<experiment>/<run>/artifacts`. */
export function rootOf(store: Store, uri: string): string {
  const base = uri.startsWith("mlflow-artifacts:/") ? "mlflow-artifacts:" : store.artifactRoot;
  return uri.startsWith(`${base}/`) ? uri.slice(base.length + 1) : uri;
}

/** Takes the whole path of a proxied artifact apart. */
export function splitPath(path: string): { root: string; path: string } {
  const [, root, rest = ""] = /^(.*?\/artifacts)(?:\/(.*))?$/.exec(path) ?? [undefined, "", path];
  return { root: root ?? "", path: rest };
}
