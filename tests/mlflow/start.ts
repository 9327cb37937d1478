import { type FaultRule, Faults } from "../emulator/faults.ts";
import { adminResolver } from "../emulator/front/admin_resolver.ts";
import { makeCertificate } from "../emulator/front/certificate.ts";
import { Dispatcher } from "../emulator/front/dispatcher.ts";
import { startFront } from "../emulator/front/front.ts";
import { type LogLine, RequestLog } from "../emulator/log.ts";
import { defaultSettings, type Settings } from "../emulator/settings.ts";
import type { Server } from "./call.ts";
import { generate, type Generated } from "./generate.ts";
import { makeServer } from "./make_server.ts";
import { mlflowResolver } from "./resolver.ts";
import type { SignIn } from "./sign_in.ts";
import type { Store } from "./state/store.ts";

/** How a double starts. */
export interface MlflowOptions extends Generated {
  /** The MLflow whose behaviour it has; 3.17.2. Recorded: 2.22.5 and 3.17.2; others follow the nearer of the two. */
  readonly version?: string;
  /** `unproxied`: as with `--no-serve-artifacts`; `proxied`. */
  readonly artifacts?: "proxied" | "unproxied";
  /** What it wants to see in `Authorization`; nothing when absent. */
  readonly auth?: SignIn;
  /** As with `--enable-workspaces` (3.10 and newer). */
  readonly workspaces?: boolean;
  /** Path before everything, as with `--static-prefix`: `/team/mlflow`. */
  readonly prefix?: string;
  /** Port on 127.0.0.1; any free one when absent. */
  readonly port?: number;
  /** Every answer waits so many milliseconds. */
  readonly latency?: number;
  /** Also write the request log there, as NDJSON. */
  readonly logFile?: string;
  /** Fills the workspace `default`, after what is generated. */
  readonly seed?: (store: Store, server: Server) => void;
}

/** A running double. */
export interface MlflowDouble {
  readonly port: number;
  /** `http://127.0.0.1:<port><prefix>`; https answers on the same port. */
  readonly url: string;
  /** PEM text of the CA that signed the certificate. */
  readonly ca: string;
  /** What the workspace `default` holds. */
  readonly state: Store;
  /** What a workspace holds, by name. Throws when there is none. */
  workspace(name: string): Store;
  /** What was asked so far, oldest first; `workspace` is that of the header. */
  requests(): readonly LogLine[];
  forgetRequests(): void;
  fault(rule: FaultRule): void;
  clearFaults(): void;
  /** Ends it; returns when nothing is left. */
  stop(): Promise<void>;
}

/** Starts a double of an MLflow tracking server on loopback. */
export async function startMlflow(options: MlflowOptions = {}): Promise<MlflowDouble> {
  const { version = "3.17.2", prefix = "" } = options;
  const server = makeServer({
    version,
    proxies: options.artifacts !== "unproxied",
    hasWorkspaces: options.workspaces === true,
    generated: options,
  });
  const state = storeOf(server, "default");
  generate(server, state, options);
  options.seed?.(state, server);
  const certificate = await makeCertificate();
  const faults = new Faults();
  const log = new RequestLog(options.logFile);
  const settings: Settings = { ...defaultSettings, latencyMs: options.latency ?? 0 };
  const dispatcher = new Dispatcher({
    settings,
    faults,
    log,
    recorder: null,
    resolvers: [
      adminResolver({ faults, log, settings }),
      mlflowResolver({ server, signIn: options.auth, prefix }),
    ],
  });
  const front = startFront(options.port ?? 0, certificate, (incoming) => dispatcher.handle(incoming));
  return {
    port: front.port,
    url: `http://127.0.0.1:${front.port}${prefix}`,
    ca: certificate.ca,
    state,
    workspace: (name) => storeOf(server, name),
    requests: () => log.lines,
    forgetRequests: () => log.clear(),
    fault: (rule) => faults.add(rule),
    clearFaults: () => faults.clear(),
    async stop() {
      await front.stop();
      log.close();
    },
  };
}

function storeOf(server: Server, name: string): Store {
  const store = server.stores.get(name);
  if (store === undefined) throw new Error(`the double has no workspace ${name}`);
  return store;
}
