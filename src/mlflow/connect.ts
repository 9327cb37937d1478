import { Failure } from "../records/failure.ts";
import type { Log } from "../stages/ports.ts";
import type { Advice } from "../wire/advice.ts";
import { readOnly } from "../wire/read_only.ts";
import { createServerWire, type ServerWireOptions } from "../wire/server_wire.ts";
import type { Wire, WireRequest } from "../wire/wire.ts";
import { mlflowAdvice } from "./advice.ts";
import type { MlflowConfig } from "./config.ts";
import { probeAbilities, probeApi } from "./probe.ts";
import { isOfRegistry } from "./routes.ts";
import type { MlflowServer } from "./server.ts";
import { mlflowSignIn } from "./sign_in.ts";

/** What speaking to MLflow servers needs from the process. */
export interface MlflowDeps extends
  Pick<
    ServerWireOptions,
    "pacers" | "userAgent" | "signal" | "clock" | "retry" | "note" | "told" | "tryMs"
  > {
  readonly log: Pick<Log, "info">;
  /** Send nothing that changes anything. */
  readonly readOnly?: boolean;
  /** What to tell of refusals, where not what a config's user is told. */
  readonly advice?: Partial<Advice>;
}

/** The `source` of a server's records. */
export function mlflowId({ address, sourceId }: Pick<MlflowConfig, "address" | "sourceId">): string {
  return sourceId ?? `mlflow+${address}`;
}

/**
 * Finds an MLflow server and what it is able to do (two or three requests). Throws `Failure`: usage when there is no
 * MLflow server or no such workspace, auth when the sign-in is refused, unreachable when nobody answers.
 */
export async function connectServer(config: MlflowConfig, deps: MlflowDeps): Promise<MlflowServer> {
  const wire = await wireTo(config, deps);
  const asked = (
    request: Pick<WireRequest, "route" | "headers">,
    headers: Readonly<Record<string, string>>,
  ) => ({
    ...request,
    base: isOfRegistry(request.route) ? config.registry ?? config.address : config.address,
    headers: { ...headers, ...request.headers },
  });
  const opener = (headers: Readonly<Record<string, string>>): MlflowServer["open"] => (route, details) =>
    wire.open(asked({ ...details, route }, headers));
  return await fatal(config, async () => {
    const abilities = await probeAbilities({ config, open: opener({}) });
    const headers = workspaceHeader(config, abilities.workspaces, deps.log);
    const open = opener(headers);
    await probeApi({ config, open });
    return {
      id: mlflowId(config),
      address: config.address,
      abilities,
      wire,
      send: (route, details) => wire.send(asked({ ...details, route }, headers)),
      open,
    };
  });
}

async function wireTo(config: MlflowConfig, deps: MlflowDeps): Promise<Wire> {
  const { log: _log, readOnly: onlyReads = false, advice, ...rest } = deps;
  const ca = config.caFile === null ? {} : { ca: await readCa(config) };
  const tls = config.caFile === null && !config.insecureTls ? {} : {
    tls: { ...ca, ...(config.insecureTls ? { verify: false } : {}) },
  };
  const wire = createServerWire({
    ...rest,
    ...tls,
    addresses: config.registry === null ? [config.address] : [config.address, config.registry],
    signIn: mlflowSignIn(config),
    advice: { ...mlflowAdvice(config), ...advice },
  });
  return onlyReads ? readOnly(wire) : wire;
}

async function readCa({ caFile, from }: MlflowConfig): Promise<string> {
  try {
    const text = await Deno.readTextFile(caFile ?? "");
    if (text.includes("-----BEGIN CERTIFICATE-----")) return text;
    throw new TypeError("it holds no certificate in PEM form");
  } catch (error) {
    const why = error instanceof Deno.errors.NotFound
      ? "there is no such file"
      : error instanceof Error
      ? error.message
      : "";
    throw new Failure(`the CA file ${caFile} cannot be used: ${why}`, {
      code: "ca_file",
      reach: "usage",
      retryable: false,
      hint: `check \`ca_file\` in ${from}, or MLFLOW_TRACKING_SERVER_CERT_PATH`,
      cause: error,
    });
  }
}

/** The header that every request carries on a server with workspaces; without one the server takes its default. */
function workspaceHeader(
  { workspace, address }: MlflowConfig,
  hasWorkspaces: boolean,
  log: Pick<Log, "info">,
): Readonly<Record<string, string>> {
  if (workspace === null) return {};
  if (hasWorkspaces) return { "X-MLFLOW-WORKSPACE": workspace.name };
  if (workspace.at === null) {
    log.info(`MLFLOW_WORKSPACE is left aside: ${address} has no workspaces`);
    return {};
  }
  throw new Failure(
    `${workspace.at}: "mlflow_workspace" is ${workspace.name}, and ${address} has no workspaces`,
    {
      code: "no_workspaces",
      reach: "usage",
      retryable: false,
      hint:
        "workspaces need MLflow 3.10 or newer, started with --enable-workspaces; leave the key away otherwise",
    },
  );
}

/** What is about one record elsewhere ends everything here. */
async function fatal<T>({ address }: MlflowConfig, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Failure) || error.facts.reach !== "record") throw error;
    const reach = error.facts.retryable ? "unreachable" : "usage";
    throw new Failure(error.message, {
      ...error.facts,
      reach,
      hint: error.facts.hint ?? `check that ${address} is a healthy MLflow server`,
      cause: error,
    });
  }
}
