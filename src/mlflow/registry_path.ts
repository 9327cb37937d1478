/** A run as far as the place of a model's files is concerned. */
interface RunPlace {
  readonly id: string;
  readonly artifactUri: string | null;
}

/**
 * Path of a version's files below its run's artifacts (`""` for the artifacts' root); null when its source lies
 * elsewhere. Told by the run's own root, so that words like "models" or "artifacts" in a path mean nothing.
 */
export function pathInRun(source: string | null, run: RunPlace): string | null {
  if (source === null) return null;
  const short = /^runs:\/{1,3}([^/]+)(?:\/(.*))?$/s.exec(source);
  if (short !== null) return short[1] === run.id ? trimmed(short[2] ?? "") : null;
  return run.artifactUri === null ? null : pathBelow(plain(source), plain(run.artifactUri));
}

/** Path of a source in the store that the server proxies; null for any other source. */
export function proxiedPath(source: string | null): string | null {
  const found = /^mlflow-artifacts:(?:\/\/[^/]*)?\/*(.*)$/s.exec(source ?? "");
  return found === null ? null : trimmed(found[1] ?? "");
}

/** Whether a source is an address in a store that every client reads by itself, so that it means the same anywhere. */
export function isRemoteStore(source: string | null): boolean {
  return /^(?:s3[an]?|gs|wasbs?|abfss?|adl|dbfs|hdfs|viewfs|https?|ftp|sftp|azureml|r2|oss|cos):\//i.test(
    source ?? "",
  );
}

function pathBelow(source: string, root: string): string | null {
  if (source === root) return "";
  return source.startsWith(`${root}/`) ? trimmed(source.slice(root.length + 1)) : null;
}

/** One spelling for the several of a local folder, and none for the server's own name in a proxied address. */
function plain(uri: string): string {
  const proxied = proxiedPath(uri);
  if (proxied !== null) return `mlflow-artifacts:/${proxied}`;
  return uri.replace(/^file:\/*(?=\/)/, "").replace(/\/+$/, "");
}

function trimmed(path: string): string {
  return path.replace(/^\/+|\/+$/g, "");
}
