import type { Answer, OpenAnswer, Route, Wire, WireRequest } from "../wire/wire.ts";

/** What a server can do beside what every MLflow server can; found once, by asking. */
export interface Abilities {
  /** What `GET /version` says, e.g. `[2, 22, 5]`; null where it says nothing that can be read. */
  readonly version: readonly [number, number, number] | null;
  /** `logged-models` and `runs/outputs` (MLflow 3). */
  readonly loggedModels: boolean;
  /** Whether the header `X-MLFLOW-WORKSPACE` means something there (MLflow 3.10, `--enable-workspaces`). */
  readonly workspaces: boolean;
}

/** What a request adds to its route. */
export type MlflowDetails = Pick<WireRequest, "vars" | "query" | "body" | "content" | "accept" | "headers">;

/** An MLflow tracking server (or registry) that azml speaks to: address, sign-in and workspace inside. */
export interface MlflowServer {
  /** The `source` of its records: `mlflow+https://host[:port][/prefix]`, or what `source_id` says. */
  readonly id: string;
  /** Address without trailing slash and credentials, e.g. `http://127.0.0.1:5000/prefix`. */
  readonly address: string;
  readonly abilities: Abilities;
  readonly wire: Wire;
  /** Throws `Failure` for every answer that is not 2xx or accepted. */
  send(route: Route, details?: MlflowDetails): Promise<Answer>;
  /** As `send`, with the body as a stream. */
  open(route: Route, details?: MlflowDetails): Promise<OpenAnswer>;
}
