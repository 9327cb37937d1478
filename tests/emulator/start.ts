import { writeStandInAz } from "./auth/stand_in_az.ts";
import { AzuriteProcess } from "./azurite/azurite_process.ts";
import { AzuriteStorage } from "./azurite/azurite_storage.ts";
import { blobResolver } from "./blob/blob_resolver.ts";
import { type FaultRule, Faults } from "./faults.ts";
import { adminResolver } from "./front/admin_resolver.ts";
import { makeCertificate } from "./front/certificate.ts";
import { cloudResolver } from "./front/cloud_resolver.ts";
import { Dispatcher } from "./front/dispatcher.ts";
import { type RecordedRequest, Recorder } from "./front/recorder.ts";
import { startFront } from "./front/front.ts";
import { serviceResolver } from "./front/service_resolver.ts";
import { type LogLine, RequestLog } from "./log.ts";
import { fillStorage } from "./scenario/fill_storage.ts";
import { loadScenario } from "./scenario/load_scenario.ts";
import { readScenario } from "./scenario/read_scenario.ts";
import type { Generator, Scenario } from "./scenario/schema.ts";
import { defaultSettings, type Settings } from "./settings.ts";
import type { WorkspaceState } from "./state.ts";
import { writeConfigs } from "./write_configs.ts";

/** How an emulator starts. */
export interface EmulatorOptions {
  /** A scenario, or the path of its file; the sample when absent, or two empty workspaces when something is generated. */
  readonly scenario?: string | Scenario;
  /** So many generated jobs in the first workspace: short for `generate: {jobs}`. */
  readonly jobs?: number;
  /** What to generate in the first workspace. */
  readonly generate?: Generator;
  /** Port on 127.0.0.1; any free one when absent. */
  readonly port?: number;
  /** Folder for config files, the stand-in `az` and the CA; a temporary one, removed at the end, when absent. */
  readonly out?: string;
  /** Also write the request log there, as NDJSON. */
  readonly logFile?: string;
  /** Keep whole requests with their bodies (in memory), for {@linkcode Emulator.recorded}; off when absent. */
  readonly record?: boolean;
  /** Behaviour that differs from {@linkcode defaultSettings}. */
  readonly settings?: Partial<Settings>;
}

/** A running emulator. */
export interface Emulator {
  readonly port: number;
  /** `http://127.0.0.1:<port>`; https answers on the same port. */
  readonly url: string;
  /** Config file of each workspace by its key (`a`, `b`). */
  readonly configs: Readonly<Record<"a" | "b", string>> & Readonly<Record<string, string>>;
  /** Folder of the stand-in `az`; put it first in `PATH`. */
  readonly bin: string;
  /** PEM file of the CA that signed the certificate. */
  readonly ca: string;
  /** May be changed while it runs. */
  readonly settings: Settings;
  /** The state of a workspace, by key. Throws when there is none. */
  workspace(key: string): WorkspaceState;
  /** What was asked so far, oldest first. */
  requests(): readonly LogLine[];
  /** Whole requests, oldest first; empty unless it was started with `record`. */
  recorded(): readonly RecordedRequest[];
  /** Empties the log and the record. */
  forgetRequests(): void;
  fault(rule: FaultRule): void;
  clearFaults(): void;
  /** Ends it with its Azurite; returns when nothing is left. */
  stop(): Promise<void>;
}

/** Starts an emulator on loopback with real blobs behind it. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const settings: Settings = { ...defaultSettings, ...pageSizeFor(options), ...options.settings };
  const scenario = await readScenario(options);
  const accounts = scenario.workspaces.map(({ account }) => ({ name: account, key: accountKey(account) }));
  const [azurite, certificate] = await Promise.all([AzuriteProcess.start(accounts), makeCertificate()]);
  try {
    const storages = new Map(
      accounts.map((
        { name, key },
      ) => [name, new AzuriteStorage(name, key, azurite.port, () => settings.sasMinutes)]),
    );
    const loaded = loadScenario(scenario, storages);
    await fillStorage(loaded, azurite);
    const workspaces = loaded.map(({ workspace }) => workspace);
    const faults = new Faults();
    const log = new RequestLog(options.logFile);
    const recorder = options.record === true ? new Recorder() : null;
    const dispatcher = new Dispatcher({
      settings,
      faults,
      log,
      recorder,
      resolvers: [
        adminResolver({ faults, log, settings }),
        cloudResolver(),
        blobResolver({ workspaces, storages, port: azurite.port, settings }),
        serviceResolver({ state: { workspaces }, settings }),
      ],
    });
    const front = startFront(options.port ?? 0, certificate, (incoming) => dispatcher.handle(incoming));
    const url = `http://127.0.0.1:${front.port}`;
    const out = options.out ?? await Deno.makeTempDir({ prefix: "azml-emulator-" });
    const files = await writeFiles(out, url, workspaces, certificate.ca);
    return {
      port: front.port,
      url,
      ...files,
      settings,
      workspace: (key) => byKey(workspaces, key),
      requests: () => log.lines,
      recorded: () => recorder?.requests ?? [],
      forgetRequests() {
        log.clear();
        recorder?.clear();
      },
      fault: (rule) => faults.add(rule),
      clearFaults: () => faults.clear(),
      async stop() {
        await front.stop();
        await azurite.stop();
        log.close();
        if (options.out === undefined) await Deno.remove(out, { recursive: true });
      },
    };
  } catch (error) {
    await azurite.stop();
    throw error;
  }
}

/** Large workspaces are listed in larger pages unless the caller says otherwise. */
function pageSizeFor(options: EmulatorOptions): Partial<Settings> {
  const generate = { jobs: options.jobs, ...options.generate };
  return (generate.jobs ?? 0) + (generate.pipelines ?? 0) > 100
    ? { armPageSize: 100, emptyPageEvery: 0 }
    : {};
}

async function writeFiles(
  out: string,
  url: string,
  workspaces: readonly WorkspaceState[],
  certificate: string,
): Promise<{ configs: Record<"a" | "b", string>; bin: string; ca: string }> {
  const [home] = workspaces;
  if (home === undefined) throw new Error("a scenario has at least one workspace");
  const bin = `${out}/bin`;
  const ca = `${out}/ca.pem`;
  await writeStandInAz(bin, home.facts);
  await Deno.writeTextFile(ca, certificate);
  return { configs: await writeConfigs(out, url, workspaces), bin, ca };
}

/** The same account has the same key in every emulator. */
function accountKey(account: string): string {
  return btoa(`emulator key of ${account}`.padEnd(48, "."));
}

function byKey(workspaces: readonly WorkspaceState[], key: string): WorkspaceState {
  const workspace = workspaces.find(({ facts }) => facts.key === key);
  if (workspace === undefined) throw new Error(`the scenario has no workspace ${key}`);
  return workspace;
}
