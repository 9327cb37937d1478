import { Lab, ndjson } from "../../e2e/lab.ts";
import { recordsOf } from "../../e2e/shell.ts";
import { ARCHIVE, EDITED, type Scene, type SceneLine, SCENES, SMALL_ARCHIVE } from "./scenes.ts";
import { type Sent, sentOf } from "./sent.ts";
import { sourceRuns, WIDE_RUN } from "./source_runs.ts";

/** A line that was run, and what it asked of services and storage. */
export interface Ran {
  readonly scene: Scene;
  readonly line: SceneLine;
  readonly code: number;
  readonly stderr: string;
  /** Requests to services. */
  readonly sent: readonly Sent[];
  /** Names of the emulator's routes that changed something, blobs too. */
  readonly writes: readonly string[];
}

/** Runs all scenes on one emulator that records, each with a target of its own. */
export async function runScenes(): Promise<readonly Ran[]> {
  const lab = await Lab.start({ runs: await sourceRuns(), targets: SCENES.length, record: true });
  const ran: Ran[] = [];
  try {
    for (const scene of SCENES) await runScene(lab, scene, ran);
  } finally {
    await lab.stop();
  }
  return ran;
}

async function runScene(lab: Lab, scene: Scene, ran: Ran[]): Promise<void> {
  const { config } = lab.target();
  const usual = { ...lab.emulator.settings };
  Object.assign(lab.emulator.settings, scene.settings);
  for (const rule of scene.faults) lab.emulator.fault(rule);
  for (const line of scene.lines) {
    lab.emulator.forgetRequests();
    const { code, stderr } = await lab.run(line.line.replaceAll("TARGET", config));
    const recorded = lab.emulator.recorded();
    const writes = recorded.filter(({ effect }) => effect === "write").map(({ route }) => route ?? "unknown");
    ran.push({ scene, line, code, stderr, sent: sentOf(recorded, line.line), writes });
    if (line.line.endsWith(`> ${ARCHIVE}`)) await editArchive(lab);
  }
  lab.emulator.clearFaults();
  Object.assign(lab.emulator.settings, usual);
}

/** Writes the small and the edited archive. */
async function editArchive(lab: Lab): Promise<void> {
  const records = recordsOf(await lab.shell.read(ARCHIVE));
  const small = records.filter(({ root }) => root !== WIDE_RUN);
  await lab.shell.write(SMALL_ARCHIVE, ndjson(small));
  const edited = small.map((record) => {
    if (record["kind"] !== "job") return record;
    const running = record["status"] === "Running";
    return {
      ...record,
      display_name: `edited ${record["display_name"] ?? record["id"]}`,
      description: "edited",
      tags: { ...Object(record["tags"]), edited: "yes" },
      params: { ...Object(record["params"]), edited: "yes" },
      archived: record["parent"] === null && !record["archived"],
      ...(running ? { status: "Completed", ended_at: "2024-12-01T00:00:00Z" } : {}),
    };
  });
  await lab.shell.write(EDITED, ndjson(edited));
}
