/** A request that a server answered, as its own access log tells it. */
export interface Call {
  readonly method: string;
  /** Path with the query, as it was sent. */
  readonly path: string;
  readonly status: number;
}

const LINE = /"([A-Z]+) (\S+) HTTP\/[\d.]+" (\d{3})/;

/** POST requests that only read. */
const READS = /\/(search|get-history-bulk|batchGet|presigned-download-url)(\?|$)/;

/** The requests in the log of gunicorn (2.x) or uvicorn (3.x); those that only ask whether it stands are left out. */
export function callsOf(log: string): Call[] {
  return log.split("\n").flatMap((line) => {
    const [, method = "", path = "", status = ""] = LINE.exec(line) ?? [];
    return method === "" || path === "/health" ? [] : [{ method, path, status: Number(status) }];
  });
}

/** Whether a request changes something. */
export function writes({ method, path }: Call): boolean {
  return method !== "GET" && method !== "HEAD" && !READS.test(path);
}

/** Whether a request moves the bytes of a file. */
export function movesBytes({ path }: Call): boolean {
  return /\/(get-artifact|upload-artifact|mlflow-artifacts\/artifacts\/)/.test(path);
}
