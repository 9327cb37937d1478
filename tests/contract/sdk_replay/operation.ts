import * as z from "zod";
import type { JsonObject, JsonValue } from "../../../src/records/json.ts";

const json = z.custom<JsonValue>();

const request = z.object({
  service: z.enum(["arm", "api", "blob"]),
  method: z.string(),
  path: z.string(),
  api_version: z.string().nullish(),
  query: z.record(z.string(), z.string()).nullish(),
  headers_of_interest: z.record(z.string(), z.string()).nullish(),
  body: json.optional(),
  /** What the recorder answered. Not a fact about the service, but what the client went on from. */
  answer_status_given: z.number(),
});

/** One recorded request of a client. */
export type SdkRequest = z.infer<typeof request>;

/** One operation of a client: its requests in wire order. */
export interface Operation {
  /** Name of the recorded file, without `.json`. */
  readonly name: string;
  readonly requests: readonly SdkRequest[];
}

const FOLDER = new URL("../../fixtures/sdk-requests/", import.meta.url);

/** Reads every recorded operation from `tests/fixtures/sdk-requests/*.ndjson`, in the order of their names. */
export async function readOperations(): Promise<readonly Operation[]> {
  const operations: Operation[] = [];
  for await (const { name } of Deno.readDir(FOLDER)) {
    if (!name.endsWith(".ndjson")) continue;
    const text = await Deno.readTextFile(new URL(name, FOLDER));
    for (const line of text.trimEnd().split("\n")) operations.push(operationOf(JSON.parse(line)));
  }
  return operations.sort((left, right) => left.name < right.name ? -1 : 1);
}

/** `sequence` holds all requests, `{"main": true}` standing for the top-level one; without it that is the only one. */
function operationOf(recorded: JsonObject): Operation {
  const main = request.parse(recorded);
  const sequence = z.array(z.record(z.string(), json)).parse(recorded.sequence ?? [{ main: true }]);
  return {
    name: z.string().parse(recorded.file),
    requests: sequence.map((entry) => entry.main === true ? main : request.parse(entry)),
  };
}
