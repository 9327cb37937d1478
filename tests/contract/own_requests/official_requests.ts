import { isJsonObject, type JsonObject, type JsonValue } from "../../../src/records/json.ts";
import { readOperations } from "../sdk_replay/operation.ts";
import type { Shown } from "./intents.ts";
import { bare } from "./sent.ts";

const RECORDINGS = new URL("../../fixtures/azure-ml/recordings/", import.meta.url);
/** Requests of promptflow, which no recording of an SDK holds. */
const OTHERS = ["history-run-modify", "history-run-patch-properties"] as const;

/** Ends a list that was cut in a recording. */
const CUT = /^\.\.\. \d+ paths in all$/;

/** The requests of official clients as they were recorded, those to blobs left out. */
export async function officialRequests(): Promise<readonly Shown[]> {
  const requests = (await readOperations()).flatMap((operation) => operation.requests)
    .filter(({ service }) => service !== "blob")
    .map(({ method, path, body }) => ({ method, path: bare(path), body: whole(body ?? null) }));
  for (const name of OTHERS) requests.push(await promptflow(name));
  return requests;
}

function whole(body: JsonValue): JsonValue {
  if (!isJsonObject(body) || !Array.isArray(body.paths)) return body;
  return { ...body, paths: body.paths.filter((path) => typeof path !== "string" || !CUT.test(path)) };
}

async function promptflow(name: string): Promise<Shown> {
  const { request }: { request: { method: string; uri: string; body: JsonObject } } = JSON.parse(
    await Deno.readTextFile(new URL(`${name}.json`, RECORDINGS)),
  );
  return { method: request.method, path: bare(new URL(request.uri).pathname), body: request.body };
}
