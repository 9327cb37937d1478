import { systemClock } from "../wire/clock.ts";
import { createPacers, type Pacers } from "../wire/pacer.ts";
import { createSignIn } from "../wire/sign_in.ts";
import { createTokens, type Tokens } from "../wire/tokens.ts";
import type { AzureDeps } from "../azure/connect_azure.ts";
import type { MlflowDeps } from "../mlflow/connect.ts";
import { Failure } from "../records/failure.ts";
import type { Log } from "../stages/ports.ts";
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

/** What all sides of a process share: sign-in asks once, throttling is felt by all, nothing is told twice. */
interface Shared {
  readonly pacers: Pacers;
  readonly tokens: Map<string, Tokens>;
  readonly told: Set<string>;
  /** Whether a request had to be sent again so far. */
  hasRetried: boolean;
}

/** Requests to one host under way at first, and at most. */
const PACE = { clock: systemClock, start: 8, max: 32 } as const;

const LONG_WAIT_MS = 10_000;

const sharedBy = new WeakMap<Io, Shared>();

function sharedOf(io: Io): Shared {
  const shared = sharedBy.get(io) ??
    { pacers: createPacers(PACE), tokens: new Map(), told: new Set<string>(), hasRetried: false };
  sharedBy.set(io, shared);
  return shared;
}

/** Warns of something, once in the life of a process. */
export function warnOnce({ io, log }: EndpointDeps, message: string): void {
  const { told } = sharedOf(io);
  if (!told.has(message)) log.warn(message);
  told.add(message);
}

/** What every wire of a process is given. `signal` aborts requests, too. */
function wireDeps({ io, log }: EndpointDeps, signal: AbortSignal | undefined) {
  const shared = sharedOf(io);
  return {
    pacers: shared.pacers,
    userAgent: `azml/${VERSION}`,
    retry: retryOf(io.env("AZML_RETRIES")),
    ...(signal === undefined ? {} : { signal }),
    // A long wait looks like a hang to whoever watches, and so do several: the first is always told.
    note: (message: string, waitMs: number) => {
      if (waitMs < LONG_WAIT_MS && shared.hasRetried) log.debug(message);
      else log.info(message);
      shared.hasRetried = true;
    },
    told: (message: string) => log.debug(message),
  };
}

/** What speaking to Azure needs; `signal` aborts requests. Throws `Failure` (usage) for a bad `AZML_RETRIES`. */
export function azureDeps(deps: EndpointDeps, signal: AbortSignal | undefined): AzureDeps {
  const { io } = deps;
  const { tokens: known } = sharedOf(io);
  return {
    ...wireDeps(deps, signal),
    tokens({ credential, authorityHost }) {
      const key = `${credential}\n${authorityHost}`;
      const clientId = io.env("AZURE_CLIENT_ID") ?? null;
      const prompt = (message: string) => promptFor(io, message);
      const tokens = known.get(key) ??
        createTokens(createSignIn({ credential, authorityHost, clientId, prompt }), systemClock);
      known.set(key, tokens);
      return tokens;
    },
  };
}

/** What speaking to MLflow servers needs; `signal` aborts requests. Throws `Failure` (usage) for a bad `AZML_RETRIES`. */
export function mlflowDeps(deps: EndpointDeps, signal: AbortSignal | undefined): MlflowDeps {
  return { ...wireDeps(deps, signal), log: deps.log };
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
