import type { JsonObject } from "../../../src/records/json.ts";

/** A file of a snapshot with its read link. */
export interface SnapshotFile {
  /** Relative path with `/`. */
  readonly path: string;
  readonly size: number;
  /** Upper-case hex, as recorded. */
  readonly hash: string;
  readonly sasUrl: string;
  readonly absoluteUrl: string;
}

const NO_TIME = "0001-01-01T00:00:00+00:00";

/** The tree of a snapshot's files: folders have children and no link, files a link and no children (recorded). */
export function snapshotTree(files: readonly SnapshotFile[]): JsonObject {
  const root = folder("");
  for (const file of files) {
    const names = file.path.split("/");
    const leaf = names.pop() ?? "";
    let children = root.children;
    for (const name of names) {
      const known = children[name];
      const next = known !== undefined && "folder" in known ? known : folder(name);
      children[name] = next;
      children = next.children;
    }
    children[leaf] = { file, name: leaf };
  }
  return view(root);
}

interface Folder {
  readonly folder: true;
  readonly name: string;
  readonly children: Record<string, Folder | Leaf>;
}

interface Leaf {
  readonly file: SnapshotFile;
  readonly name: string;
}

function folder(name: string): Folder {
  return { folder: true, name, children: {} };
}

function view(node: Folder | Leaf): JsonObject {
  if ("file" in node) {
    const { hash, size, sasUrl, absoluteUrl } = node.file;
    return {
      name: node.name,
      hash,
      type: "File",
      timestamp: NO_TIME,
      sasUrl,
      absoluteUrl,
      sizeBytes: size,
      sizeSet: true,
      children: {},
    };
  }
  return {
    name: node.name,
    hash: null,
    type: "Directory",
    timestamp: NO_TIME,
    sasUrl: null,
    absoluteUrl: null,
    sizeBytes: 0,
    sizeSet: false,
    children: Object.fromEntries(Object.entries(node.children).map(([name, child]) => [name, view(child)])),
  };
}
