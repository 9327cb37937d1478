/** Bytes, or what makes them when they are asked for. */
export type Content = Uint8Array<ArrayBuffer> | { readonly size: number; make(): Uint8Array<ArrayBuffer> };

/** One entry of a listing; folders have no size. */
export interface Listed {
  /** The last part of its path. */
  readonly name: string;
  readonly size: number | null;
}

/**
 * Artifacts by root (`<experiment>/<run>/artifacts`) and path below it. A root that nobody has written to may be filled
 * on first sight.
 */
export class Files {
  readonly #roots = new Map<string, Map<string, Content>>();
  readonly #fill: (root: string) => Iterable<readonly [string, Content]>;

  constructor(fill: (root: string) => Iterable<readonly [string, Content]> = () => []) {
    this.#fill = fill;
  }

  read(root: string, path: string): Content | undefined {
    return this.of(root).get(path);
  }

  write(root: string, path: string, content: Content): void {
    this.of(root).set(path, content);
  }

  /** Takes a file away, or all below a folder; answers whether there was something. */
  remove(root: string, path: string): boolean {
    const files = this.of(root);
    const gone = [...files.keys()].filter((one) => one === path || one.startsWith(`${path}/`));
    for (const one of gone) files.delete(one);
    return gone.length > 0;
  }

  /** What lies directly in a folder (`""` is the root), by name. */
  list(root: string, folder: string): readonly Listed[] {
    const start = folder === "" ? "" : `${folder}/`;
    const found = new Map<string, number | null>();
    for (const [path, content] of this.of(root)) {
      if (!path.startsWith(start)) continue;
      const [name = "", ...deeper] = path.slice(start.length).split("/");
      found.set(name, deeper.length > 0 ? null : sizeOf(content));
    }
    return [...found].map(([name, size]) => ({ name, size })).sort((a, b) => a.name < b.name ? -1 : 1);
  }

  /** Paths and contents below a root. */
  of(root: string): Map<string, Content> {
    const known = this.#roots.get(root);
    if (known !== undefined) return known;
    const files = new Map(this.#fill(root));
    this.#roots.set(root, files);
    return files;
  }
}

/** Bytes of a content. */
export function sizeOf(content: Content): number {
  return content instanceof Uint8Array ? content.length : content.size;
}

/** The bytes of a content. */
export function bytesOf(content: Content): Uint8Array<ArrayBuffer> {
  return content instanceof Uint8Array ? content : content.make();
}
