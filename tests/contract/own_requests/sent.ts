import { isJsonObject, type JsonObject, type JsonValue } from "../../../src/records/json.ts";
import type { RecordedRequest } from "../../emulator/front/recorder.ts";

/** A request to a service as the contract sees it. */
export interface Sent {
  readonly method: string;
  /** What follows the service, with the workspace cut to `{ws}`, percent-encoded. */
  readonly path: string;
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly contentType: string | null;
  /** Null when none was sent. */
  readonly body: JsonValue;
  readonly route: string | null;
  readonly effect: "read" | "write";
  /** The line of shell that sent it. */
  readonly line: string;
}

const WORKSPACE =
  /\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.MachineLearningServices\/workspaces\/[^/]+/i;

/** Cuts the workspace of a path to `{ws}`. */
export function bare(path: string): string {
  return path.replace(WORKSPACE, "{ws}");
}

/** Reads what was recorded; requests to blobs are left out. Throws when a body is no JSON. */
export function sentOf(recorded: readonly RecordedRequest[], line: string): Sent[] {
  return recorded.filter(({ route }) => route?.startsWith("blob.") !== true).map((request) => ({
    ...request,
    line,
    path: bare(request.path),
    body: request.body === null ? null : JSON.parse(request.body),
  }));
}

/** What tells requests of one kind: `PATCH /history/v1.0{ws}/runs/{runId}`. */
export function named(method: string, path: string): string {
  return `${method} ${path}`;
}

/** The objects of a list in a body. */
export function objectsOf(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
