import { Failure } from "../records/failure.ts";
import { isJsonObject, type JsonObject } from "../records/json.ts";
import { readServiceError } from "../wire/service_error.ts";
import { parseServiceJson } from "../wire/service_json.ts";
import type { OpenAnswer, Route } from "../wire/wire.ts";
import type { MlflowConfig } from "./config.ts";
import { MLFLOW_ROUTES } from "./routes.ts";
import type { Abilities, MlflowDetails } from "./server.ts";

/** A server that is not known yet. */
export interface Stranger {
  readonly config: MlflowConfig;
  open(route: Route, details?: MlflowDetails): Promise<OpenAnswer>;
}

/** Statuses that tell what is there, beside a good one: redirects and refusals of a route. */
const TELLING = [301, 302, 303, 307, 308, 400, 401, 403, 404, 405];

/** The longest answer that is looked at, in bytes: pages of things that are no MLflow server can be long. */
const MAX_BYTES = 1_000_000;

/**
 * Finds what a server is able to do: `/version`, then `server-info` where there may be one (MLflow 3), and, where the
 * version is not told, by asking for a logged model. Throws `Failure` (unreachable) when nobody answers.
 */
export async function probeAbilities(server: Stranger): Promise<Abilities> {
  const said = await server.open(MLFLOW_ROUTES.server.version, { accept: TELLING });
  const version = said.status === 200 ? readVersion(await textOf(said)) : (await dropped(said), null);
  if (version !== null && version[0] < 3) return { version, loggedModels: false, workspaces: false };
  const info = await server.open(MLFLOW_ROUTES.server.info, { accept: TELLING });
  const facts = objectOf(await textOf(info));
  return {
    version,
    loggedModels: version !== null || await hasLoggedModels(server),
    workspaces: info.status === 200 && facts?.workspaces_enabled === true,
  };
}

/** Asks for an experiment. Throws `Failure`: auth when refused, usage when this is no MLflow server or has no such workspace. */
export async function probeApi(server: Stranger): Promise<void> {
  const accept = TELLING.filter((status) => status !== 401 && status !== 403);
  const answer = await server.open(MLFLOW_ROUTES.experiments.search, { body: { max_results: 1 }, accept });
  const text = await textOf(answer);
  const body = objectOf(text);
  const { status, headers } = answer;
  const { config } = server;
  if (status >= 200 && status < 300 && body !== null && isSearchAnswer(body)) return;
  if (status >= 300 && status < 400) throw redirected(config, headers.get("location"));
  if (body === null || typeof body.error_code !== "string") throw noServer(config, status);
  const { code, message } = readServiceError(status, body, text, headers);
  const workspace = config.workspace === null ? "" : ` (workspace ${config.workspace.name})`;
  throw new Failure(
    `${config.address}${workspace} lists no experiments: it answered ${status} ${code}: ${message}`,
    {
      code,
      reach: "usage",
      retryable: false,
      status,
      hint: `check ${config.from}`,
    },
  );
}

/** `{}` on a server without experiments. */
function isSearchAnswer(body: JsonObject): boolean {
  return Array.isArray(body.experiments) || Object.keys(body).every((key) => key === "next_page_token");
}

async function hasLoggedModels(server: Stranger): Promise<boolean> {
  const vars = { model_id: "m-00000000000000000000000000000000" };
  const answer = await server.open(MLFLOW_ROUTES.loggedModels.get, { vars, accept: TELLING });
  const code = objectOf(await textOf(answer))?.error_code;
  return typeof code === "string" && code !== "ENDPOINT_NOT_FOUND";
}

function readVersion(text: string): Abilities["version"] {
  const [, major, minor, patch] = /^\s*"?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?/.exec(text) ?? [];
  return major === undefined ? null : [Number(major), Number(minor), Number(patch ?? 0)];
}

async function textOf({ body }: OpenAnswer): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    bytes += chunk.length;
    if (bytes > MAX_BYTES) break;
  }
  return text;
}

async function dropped({ body }: OpenAnswer): Promise<void> {
  await body.cancel();
}

function objectOf(text: string): JsonObject | null {
  try {
    const value = parseServiceJson(text);
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}

function redirected({ address, from }: MlflowConfig, location: string | undefined): Failure {
  const to = URL.parse(location ?? "", `${address}/`);
  const where = to === null ? "elsewhere" : `to ${to.origin}${to.pathname}`;
  return new Failure(`${address} sends requests on ${where}; azml does not follow with a sign-in`, {
    code: "redirected",
    reach: "usage",
    retryable: false,
    hint:
      `name the server's own address in ${from}; before a sign-in page, a token in \`headers_env\` may help`,
  });
}

function noServer({ address, from }: MlflowConfig, status: number): Failure {
  return new Failure(
    `${address} is no MLflow server: asked for experiments, it answered ${status} with something else`,
    {
      code: "no_mlflow_server",
      reach: "usage",
      retryable: false,
      status,
      hint: `check the address in ${from}, with the path before /api where there is one`,
    },
  );
}
