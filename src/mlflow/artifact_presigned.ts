import { isJsonObject, type JsonObject } from "../records/json.ts";
import type { Content } from "../wire/wire.ts";
import { objectAt, textAt } from "./json_fields.ts";
import { MLFLOW_ROUTES } from "./routes.ts";
import type { MlflowServer } from "./server.ts";

/** Statuses by which a server says that it, or its store, hands out no addresses (MLflow 3.17 and older). */
const NONE = [400, 404, 405, 501];

/** Servers that handed out no address: they are not asked again. */
const silent = new WeakSet<MlflowServer>();

/**
 * Puts a file of a run (or of a logged model, `m-...`) straight into the server's store, at the address that the server hands out for it (newest
 * MLflow 3, stores of S3, GCS and Azure); false where it hands out none. The address is a licence to write: it stands in
 * no message. Throws `Failure` when the store refuses.
 */
export async function putPresigned(
  server: MlflowServer,
  id: string,
  path: string,
  content: Content,
): Promise<boolean> {
  if (silent.has(server)) return false;
  const { artifacts } = MLFLOW_ROUTES;
  const { status, body } = await server.send(artifacts.presignedUpload, {
    body: { [id.startsWith("m-") ? "model_id" : "run_id"]: id, path },
    accept: NONE,
  });
  const given: JsonObject | null = status === 200 && isJsonObject(body) ? body : null;
  const url = textAt(given, "presigned_url");
  if (url === null) {
    silent.add(server);
    return false;
  }
  const headers = headersOf(given);
  await server.wire.send({ route: artifacts.storePut, url, audience: "none", headers, content });
  return true;
}

function headersOf(given: JsonObject | null): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(objectAt(given, "headers") ?? {})) {
    if (typeof value === "string") headers[name] = value;
  }
  return headers;
}
