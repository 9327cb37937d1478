/** A recorded request that the emulator refuses, and why it must. */
export interface Refused {
  /** Name of the recorded operation. */
  readonly operation: string;
  /** Number of the request in the operation, from 0. */
  readonly index: number;
  readonly status: number;
  readonly reason: string;
}

const TRACES = "Traces are not part of MLflow on Azure ML (unconfirmed, assumed): 404 with an empty body";
const VERSION = "MLflow asks for the server's version only after its traces call; Azure ML has no such route";
const RENAME = "Renaming an experiment is not supported on Azure ML (documented)";
const TWICE_ENCODED =
  "the plugin percent-encodes the path twice (`c%2520d.txt`), and no artifact has that name";

/** Every recorded request that is not accepted. The test fails for one that is missing here, and for one too many. */
export const refused: readonly Refused[] = [
  { operation: "mlflow-artifact-download-dir", index: 5, status: 404, reason: TWICE_ENCODED },
  { operation: "mlflow-experiment-rename-delete-restore", index: 0, status: 400, reason: RENAME },
  { operation: "mlflow-plain-trace", index: 1, status: 404, reason: TRACES },
  { operation: "mlflow-plain-trace", index: 2, status: 404, reason: VERSION },
  { operation: "mlflow-trace", index: 1, status: 404, reason: TRACES },
  { operation: "mlflow-trace", index: 2, status: 404, reason: VERSION },
];
