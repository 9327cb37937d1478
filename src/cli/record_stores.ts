import type { RecordStores } from "../azure/connect_stores.ts";
import type { OpenStore } from "../blob/container.ts";
import type { MlflowConfig } from "../mlflow/config.ts";
import type { MlflowServer } from "../mlflow/server.ts";
import type { StoreRef } from "../records/artifacts.ts";
import { Failure } from "../records/failure.ts";
import { recordStores } from "./azure_access.ts";
import { readSide, type Side } from "./config.ts";
import type { TargetDeps } from "./endpoints.ts";
import { mlflowServer } from "./mlflow_access.ts";
import { type EndpointDeps, mlflowDeps } from "./process_wiring.ts";

/** The target that files go to: what of it may be read from. */
export interface TargetStores {
  /** Of a workspace. */
  readonly azure: RecordStores | null;
  /** An MLflow server. */
  readonly server: MlflowServer | null;
}

/** Where files are read from, by what knows the place. Nothing is asked before a record names a store. */
interface Places {
  readonly source: Side | null;
  readonly target: TargetStores;
  /** Does a piece of work once for a key. */
  once<T>(key: string, work: () => Promise<T>): Promise<T>;
  readonly deps: EndpointDeps;
}

/**
 * Opens the stores that records name: with the sign-in of `--source` where that owns them, else with the target's, else
 * where the record says. Throws `Failure` (usage) when `--source` cannot be read; opening one throws `Failure` (record)
 * for a store that is not trusted.
 */
export async function openRecordStores(target: TargetStores, deps: TargetDeps): Promise<OpenStore> {
  const source = deps.source === null ? null : await readSide(deps.source.arg, { env: deps.io.env });
  const places: Places = { source, target, once: onceFor(), deps };
  return async (ref) => {
    if (ref.kind === "azure-blob") return await (await azureStores(places, ref)).open(ref);
    if (!ref.kind.startsWith("mlflow")) throw unknown(ref, `is of kind ${ref.kind}, which azml cannot read`);
    const { openServerStore } = await import("../mlflow/open_store.ts");
    return await openServerStore(await serverOf(places, ref), ref);
  };
}

function onceFor(): Places["once"] {
  const held = new Map<string, Promise<unknown>>();
  return async <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const known = held.get(key) ?? work();
    held.set(key, known);
    // What a key holds is what its first `work` made: one key, one type.
    return await known as T;
  };
}

async function azureStores({ source, target, once, deps }: Places, ref: StoreRef): Promise<RecordStores> {
  const bySource = source?.kind === "azureml" ? await once("source", () => recordStores(source, deps)) : null;
  if (bySource?.owns(ref)) return bySource;
  const given = target.azure ?? bySource;
  if (given !== null) return given;
  // No config of Azure at all: the workspace that the record names, as if it had been named as --source.
  const named = ref.workspace ? await readSide(ref.workspace) : null;
  if (named?.kind !== "azureml") throw unknown(ref, "does not name its workspace");
  return await once(ref.workspace ?? "", () => recordStores(named, deps));
}

async function serverOf({ source, target, once, deps }: Places, ref: StoreRef): Promise<MlflowServer> {
  const address = addressOf(ref);
  if (target.server?.address === address && !isAt(source, address)) return target.server;
  if (source?.kind === "mlflow") {
    return await once(
      "server",
      () => mlflowServer(source, deps, { ...mlflowDeps(deps, undefined), readOnly: true }),
    );
  }
  return await once(address, () => stranger(address, deps));
}

function isAt(side: Side | null, address: string): boolean {
  return side?.kind === "mlflow" && side.address === address;
}

function addressOf(ref: StoreRef): string {
  const url = URL.parse(ref.endpoint ?? "");
  if (url === null || !/^https?:$/.test(url.protocol)) throw unknown(ref, "has no http address");
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}

/** A server that a record alone names is asked without any credentials. */
async function stranger(address: string, deps: EndpointDeps): Promise<MlflowServer> {
  const hint = "pass --source with a config of the server that holds the files, or --no-copy-artifacts";
  const config: MlflowConfig = {
    kind: "mlflow",
    from: "the record",
    address,
    registry: null,
    workspace: null,
    auth: { kind: "none" },
    headers: {},
    caFile: null,
    insecureTls: false,
    sourceId: null,
  };
  const advice = { signIn: `azml sends no credentials there: ${hint}`, refusal: () => hint };
  try {
    return await mlflowServer(config, deps, { ...mlflowDeps(deps, undefined), readOnly: true, advice });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    // One record's store is no reason to end the command.
    throw new Failure(error.message, {
      ...error.facts,
      reach: "record",
      hint: error.facts.hint ?? hint,
      cause: error,
    });
  }
}

function unknown(ref: StoreRef, why: string): Failure {
  return new Failure(
    `the store ${ref.container || ref.datastore || ref.endpoint || ""} of the record ${why}`,
    {
      code: "store_not_trusted",
      reach: "record",
      retryable: false,
      hint: "pass --source with a config of the side that holds the files, or --no-copy-artifacts",
    },
  );
}
