import { systemClock } from "../wire/clock.ts";
import { createPacers, type Pacers } from "../wire/pacer.ts";
import { createSignIn } from "../wire/sign_in.ts";
import { createTokens, type Tokens } from "../wire/tokens.ts";
import type { Azure, AzureDeps } from "../azure/connect_azure.ts";
import type { WorkspaceConfig } from "../azure/connect_config.ts";
import type { BlobContainer } from "../blob/container.ts";
import type { StoreRef } from "../records/artifacts.ts";
import { Failure } from "../records/failure.ts";
import type { Log, Source, Target } from "../stages/ports.ts";
import { readSide, type Side } from "./config.ts";
import { configFailure } from "./config_text.ts";
import type { Io } from "./io.ts";
import { VERSION } from "./version.ts";

/** What sides need from the command that opens them. */
export interface EndpointDeps {
  readonly io: Io;
  readonly log: Log;
  /** Aborts what a source is reading; a target lets its requests settle. */
  readonly signal: AbortSignal;
  /** Work under way at a time. */
  readonly concurrency: number;
}

/** What a target needs beside. */
export interface TargetDeps extends EndpointDeps {
  /** Sends no request that changes anything. */
  readonly dryRun: boolean;
  readonly copyArtifacts: boolean;
  /** `--source`: where artifact bytes of its workspace are read, with its own sign-in; null asks where records say. */
  readonly source: string | null;
}

/** What all sides of a process share: sign-in asks once, and throttling is felt by all. */
interface Shared {
  readonly pacers: Pacers;
  readonly tokens: Map<string, Tokens>;
  /** Whether a request had to be sent again so far. */
  hasRetried: boolean;
}

/** Requests to one host under way at first, and at most. */
const PACE = { clock: systemClock, start: 8, max: 32 } as const;

const LONG_WAIT_MS = 10_000;

const sharedBy = new WeakMap<Io, Shared>();

/** Opens what `--source` names (null: the usual places) for reading. Throws `Failure`. */
export async function openSource(arg: string | null | undefined, deps: EndpointDeps): Promise<Source> {
  const config = onlyAzure(await readSide(arg ?? null), "read from");
  const [{ connectWorkspace }, { createAzureSource }, azure] = await Promise.all([
    import("../azure/connect.ts"),
    import("../azure/source.ts"),
    azureFor(config, deps, deps.signal),
  ]);
  const { concurrency, log, signal } = deps;
  const workspace = await connectWorkspace(config, azure, { readOnly: true });
  return createAzureSource(workspace, { concurrency, log, signal });
}

/** Opens what `--target` names (null: the usual places) for writing; with `dryRun` nothing is written. Throws `Failure`. */
export async function openTarget(arg: string | null | undefined, deps: TargetDeps): Promise<Target> {
  const config = onlyAzure(await readSide(arg ?? null), "write to");
  const [{ connectWorkspace }, { createAzureTarget }, azure] = await Promise.all([
    import("../azure/connect.ts"),
    import("../azure/target.ts"),
    azureFor(config, deps),
  ]);
  const { concurrency, log, signal, dryRun, copyArtifacts } = deps;
  const workspace = await unlessAborted(connectWorkspace(config, azure, { readOnly: dryRun }), signal);
  const stores = await storesFor(config, azure, deps);
  return createAzureTarget(workspace, { stores, copyArtifacts, dryRun, concurrency, log, signal });
}

/** While a target is being looked for there is nothing to settle: an interrupt ends the waiting. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const interrupted = Promise.withResolvers<never>();
  const onAbort = () =>
    interrupted.reject(
      new Failure("interrupted while connecting to the target", {
        code: "interrupted",
        reach: "unreachable",
        retryable: true,
      }),
    );
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([work, interrupted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** Opens the stores that records name: with the source's sign-in where `--source` is given, else with the target's. */
async function storesFor(
  config: WorkspaceConfig,
  azure: Azure,
  deps: TargetDeps,
): Promise<(ref: StoreRef) => Promise<BlobContainer>> {
  const { createRecordStores } = await import("../azure/connect_stores.ts");
  const byRecord = createRecordStores(config, azure);
  if (deps.source === null) return (ref) => byRecord.open(ref);
  const source = onlyAzure(await readSide(deps.source), "read files from");
  const bySource = createRecordStores(source, await azureFor(source, deps));
  return (ref) => bySource.owns(ref) ? bySource.open(ref) : byRecord.open(ref);
}

async function azureFor(config: WorkspaceConfig, deps: EndpointDeps, signal?: AbortSignal): Promise<Azure> {
  const { openAzure } = await import("../azure/connect_azure.ts");
  return await openAzure(config, azureDeps(deps, signal));
}

function azureDeps({ io, log }: EndpointDeps, signal: AbortSignal | undefined): AzureDeps {
  const shared = sharedBy.get(io) ??
    { pacers: createPacers(PACE), tokens: new Map<string, Tokens>(), hasRetried: false };
  sharedBy.set(io, shared);
  return {
    pacers: shared.pacers,
    userAgent: `azml/${VERSION}`,
    retry: retryOf(io.env("AZML_RETRIES")),
    ...(signal === undefined ? {} : { signal }),
    // A long wait looks like a hang to whoever watches, and so do several: the first is always told.
    note: (message, waitMs) => {
      if (waitMs < LONG_WAIT_MS && shared.hasRetried) log.debug(message);
      else log.info(message);
      shared.hasRetried = true;
    },
    told: (message) => log.debug(message),
    tokens({ credential, authorityHost }) {
      const key = `${credential}\n${authorityHost}`;
      const clientId = io.env("AZURE_CLIENT_ID") ?? null;
      const prompt = (message: string) => promptFor(io, message);
      const tokens = shared.tokens.get(key) ??
        createTokens(createSignIn({ credential, authorityHost, clientId, prompt }), systemClock);
      shared.tokens.set(key, tokens);
      return tokens;
    },
  };
}

/** `AZML_RETRIES`: how often a request is sent again; 0 fails at once. */
function retryOf(text: string | undefined): { readonly tries?: number } {
  if (text === undefined || text === "") return {};
  if (/^\d{1,3}$/.test(text)) return { tries: Number(text) + 1 };
  throw configFailure(`AZML_RETRIES is a whole number from 0 to 999, and not "${text}"`, "bad_environment");
}

function promptFor(io: Io, message: string): void {
  if (io.stderrIsTerminal) return io.note(`${message}\n`);
  throw new Failure("signing in with a device code needs a terminal, and there is none", {
    code: "no_terminal",
    reach: "auth",
    retryable: false,
    hint: "set another `credential` in the config, such as cli, managed-identity or environment",
  });
}

function onlyAzure(side: Side, what: string): WorkspaceConfig {
  switch (side.kind) {
    case "azureml":
      return side;
    case "mlflow":
      throw configFailure(
        `${side.from} is an MLflow server; this version of azml cannot ${what} MLflow servers yet, only Azure ML workspaces`,
        "mlflow_not_supported",
      );
    case "folder":
      throw configFailure(
        `${side.path} is a folder; this version of azml cannot ${what} folders yet, only Azure ML workspaces`,
        "folder_not_supported",
      );
  }
}
