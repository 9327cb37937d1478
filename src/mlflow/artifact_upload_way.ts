import { Failure } from "../records/failure.ts";
import type { Content } from "../wire/wire.ts";
import { putPresigned } from "./artifact_presigned.ts";
import { MLFLOW_ROUTES } from "./routes.ts";
import type { MlflowRun } from "./run_parse.ts";
import type { MlflowServer } from "./server.ts";

/** What `upload-artifact` takes (MLflow 2.17 to 3.17). */
const MOST = 10 * 1024 * 1024;

/** Statuses by which a server says that it does not proxy. */
const NO_PROXY: ReadonlySet<number> = new Set([404, 405, 501, 503]);

/** Puts one file of a run in place. Throws `Failure`. */
export type PutFile = (path: string, content: Content) => Promise<void>;

/**
 * How files get into a run: through the proxy where its artifacts are the server's own (`mlflow-artifacts:`), else
 * through the server into whatever store it writes to, 10 MB at most, and larger ones (and empty ones) straight into
 * that store where the server hands out an address for them.
 */
export function uploadWay(
  server: MlflowServer,
  { id, artifactUri }: Pick<MlflowRun, "id" | "artifactUri">,
): PutFile {
  const root = proxiedRoot(artifactUri ?? "");
  return root === null ? throughServer(server, id, artifactUri ?? "") : throughProxy(server, root);
}

/** The path below the proxy, percent-encoded; null for files that lie elsewhere. */
function proxiedRoot(uri: string): string | null {
  const found = /^mlflow-artifacts:(?:\/\/[^/]*)?\/*(.*?)\/*$/.exec(uri);
  return found?.[1] === undefined ? null : encoded(found[1]);
}

function throughProxy(server: MlflowServer, root: string): PutFile {
  return async (path, content) => {
    try {
      const vars = { path: `${root}/${encoded(path)}` };
      await server.send(MLFLOW_ROUTES.artifacts.proxyPut, { vars, content: asBytes(content) });
    } catch (thrown) {
      if (!(thrown instanceof Failure) || !NO_PROXY.has(thrown.facts.status ?? 0)) throw thrown;
      throw new Failure(thrown.message, {
        ...thrown.facts,
        hint: "the run's artifacts are the server's own, and it takes none: start it with --serve-artifacts",
      });
    }
  };
}

function throughServer(server: MlflowServer, id: string, uri: string): PutFile {
  return async (path, content) => {
    const fault = content.size === 0
      ? ["empty_file", "the server takes no empty file"]
      : content.size === null || content.size > MOST
      ? ["too_large", `the server takes ${MOST} bytes at most for ${schemeOf(uri)} stores`]
      : null;
    if (fault !== null) {
      if (await putPresigned(server, id, path, asBytes(content))) return;
      throw new Failure(`Uploading the file "${path}": ${fault[1]}.`, {
        code: fault[0] ?? "",
        reach: "record",
        retryable: false,
        hint: "let the server keep artifacts itself (mlflow server --artifacts-destination ...), " +
          "or copy the file to the run's artifact location by other means",
      });
    }
    const query = { run_uuid: id, path };
    await server.send(MLFLOW_ROUTES.artifacts.upload, { query, content: asBytes(content) });
  };
}

/** Servers take another media type for a form. */
function asBytes(content: Content): Content {
  return { ...content, type: "application/octet-stream" };
}

function encoded(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

function schemeOf(uri: string): string {
  return /^[a-z][\w+.-]*(?=:)/i.exec(uri)?.[0] ?? "file";
}
