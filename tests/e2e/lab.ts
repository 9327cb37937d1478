import { emptyWorkspaces } from "../emulator/scenario/read_scenario.ts";
import { type Scenario, scenarioSchema, type ScenarioWorkspace } from "../emulator/scenario/schema.ts";
import { type Emulator, type EmulatorOptions, startEmulator } from "../emulator/start.ts";
import type { WorkspaceState } from "../emulator/state.ts";
import { recordsOf, Shell, type ShellRun } from "./shell.ts";

/** How a lab is set up. */
export interface LabOptions extends Omit<EmulatorOptions, "scenario"> {
  /** The runs of the source workspace; those of the sample when absent (none when something is generated). */
  readonly runs?: ScenarioWorkspace["runs"];
  /** How many empty workspaces stand ready as targets. */
  readonly targets?: number;
}

/** An empty workspace for one test to write to. */
export interface TargetSide {
  /** Its config file, in the lab's folder. */
  readonly config: string;
  /** Short name in the emulator. */
  readonly key: string;
  readonly state: WorkspaceState;
}

/** A record as it stands in a line. */
export type Line = Readonly<Record<string, unknown>>;

const SAMPLE = new URL("../fixtures/scenarios/sample.json", import.meta.url);

/** Whether jq is there; tests of lines that hold it are ignored where it is not. */
export const HAS_JQ = await new Deno.Command("bash", { args: ["-c", "command -v jq"], stdout: "null" })
  .output().then(({ success }) => success);

/**
 * One emulator and a folder with an `azml` on its PATH, for all tests of a file: the source's config is `a.json`
 * there, and each test takes a target of its own.
 */
export class Lab {
  #next = 0;

  private constructor(readonly emulator: Emulator, readonly shell: Shell, readonly targets: number) {}

  static async start(options: LabOptions = {}): Promise<Lab> {
    const { runs, targets = 4, ...rest } = options;
    const generates = options.generate !== undefined || options.jobs !== undefined;
    const scenario = labScenario(await sourceSide(runs ?? (generates ? [] : undefined)), targets);
    const emulator = await startEmulator({ ...rest, scenario });
    try {
      const shell = await Shell.make([emulator.bin]);
      for (const [key, path] of Object.entries(emulator.configs)) {
        if (path !== "") await Deno.copyFile(path, `${shell.dir}/${key}.json`);
      }
      return new Lab(emulator, shell, targets);
    } catch (error) {
      await emulator.stop();
      throw error;
    }
  }

  /** The source workspace. */
  get source(): WorkspaceState {
    return this.emulator.workspace("a");
  }

  /** The next target that nobody has written to. */
  target(): TargetSide {
    if (this.#next >= this.targets) throw new Error(`the lab has but ${this.targets} targets`);
    const key = targetKey(this.#next++);
    return { key, config: `${key}.json`, state: this.emulator.workspace(key) };
  }

  run(line: string, stdin?: string): Promise<ShellRun> {
    return this.shell.run(line, stdin);
  }

  /**
   * Runs a line and sends it a signal as soon as each of `whens` holds: to its whole process group, as a terminal does
   * with Ctrl-C. Fails when the line ends before. `$?` of the line is the code.
   */
  async signal(line: string, name: "INT" | "TERM" | "KILL", ...whens: (() => boolean)[]): Promise<ShellRun> {
    const script = `set -m; (${line}) & group=$!; echo $group > group.tmp; mv group.tmp group; wait $group`;
    await Deno.remove(`${this.shell.dir}/group`).catch(() => {});
    let ended = false;
    const running = this.run(script).finally(() => ended = true);
    for (const when of whens) {
      await until(() => ended || when());
      if (ended) throw new Error(`it ended before it could be stopped: ${JSON.stringify(await running)}`);
      const group = (await this.shell.read("group")).trim();
      await this.run(`kill -${name} -- -${group}`);
    }
    return await running;
  }

  /** Ends everything and takes the folder away. */
  async stop(): Promise<void> {
    await this.emulator.stop();
    await this.shell[Symbol.asyncDispose]();
  }
}

/** Waits until something holds; fails after half a minute. */
export async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 30_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`still not so after half a minute: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 5)); // another process gives no other sign
  }
}

/** Records of one kind in NDJSON text. */
export function ofKind(ndjson: string, kind: string): Line[] {
  return recordsOf(ndjson).filter((record) => record["kind"] === kind);
}

/** How often each value of a field is met among the records of a kind, e.g. `{created: 66}`. */
export function countBy(ndjson: string, kind: string, field: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const record of ofKind(ndjson, kind)) {
    const value = String(record[field]);
    counts[value] = (counts[value] ?? 0) + 1;
  }
  return counts;
}

/** NDJSON text of records. */
export function ndjson(records: readonly unknown[]): string {
  return records.map((record) => JSON.stringify(record) + "\n").join("");
}

function targetKey(index: number): string {
  return index === 0 ? "b" : `b${index}`;
}

async function sourceSide(runs: ScenarioWorkspace["runs"]): Promise<ScenarioWorkspace> {
  const [empty] = emptyWorkspaces();
  if (runs !== undefined) return { ...empty, runs };
  const sample = scenarioSchema.parse(JSON.parse(await Deno.readTextFile(SAMPLE)));
  return sample.workspaces[0] ?? empty;
}

function labScenario(source: ScenarioWorkspace, targets: number): Scenario {
  const [, empty] = emptyWorkspaces();
  const sides = Array.from({ length: targets }, (_, index): ScenarioWorkspace => ({
    ...empty,
    key: targetKey(index),
    name: index === 0 ? empty.name : `${empty.name}-${index}`,
    guid: empty.guid.replace(/^.{8}/, `0b0b0b${String(index + 10)}`),
    account: `${empty.account}${index === 0 ? "" : index}`,
  }));
  return { workspaces: [source, ...sides] };
}
