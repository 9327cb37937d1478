import type { FaultRule } from "../../emulator/faults.ts";
import type { Settings } from "../../emulator/settings.ts";

/** One line of shell. `TARGET` stands for the config file of the scene's target. */
export interface SceneLine {
  readonly line: string;
  /** `read`: no request of the line may change anything. */
  readonly effect: "read" | "write";
  /** Exit code; 0 when absent. */
  readonly code?: number;
}

/** Lines that run one after the other against one target, while the service behaves in one way. */
export interface Scene {
  readonly name: string;
  readonly settings: Partial<Settings>;
  readonly faults: readonly FaultRule[];
  /** Routes of the emulator that the scene is there for: it must use them. */
  readonly uses: readonly string[];
  readonly lines: readonly SceneLine[];
}

const read = (line: string, code?: number): SceneLine => ({
  line,
  effect: "read",
  ...(code === undefined ? {} : { code }),
});
const write = (line: string): SceneLine => ({ line, effect: "write" });

const EXTRACT = "azml extract --source a.json";
/** Nested ids: a step two levels down, a trial of a sweep and one of AutoML, a child of a bare run; and an archived job. */
const NESTED = [
  "b1a2c3d4-0001-4000-8000-000000000011",
  "sweep_lr_search_3",
  "AutoML_4c7e1a90-3b52-4f6d-8a11-9e0d2c5b7f34_3",
  "wide_run_7",
].join(",");

/** The archive without the wide run, every job edited: another description, tag and parameter, archived, and running no more. */
export const EDITED = "edited.ndjson";
/** The archive that the first line of the first scene writes. */
export const ARCHIVE = "all.ndjson";
/** The same without the wide run: enough where only the routes matter. */
export const SMALL_ARCHIVE = "small.ndjson";

const REFUSED = { kind: "fail", status: 404 } as const;

/** The line of records, in order, with every option that reaches a service, and every fallback. */
export const SCENES: readonly Scene[] = [
  {
    name: "as the service is known",
    settings: {},
    faults: [],
    uses: [
      "arm.jobs.list",
      "arm.jobs.get",
      "arm.datastores.listSecrets",
      "history.batchrundata",
      "history.experimentids.query",
      "history.run.modify",
      "metric.lastvalues",
      "metric.batchsync",
      "artifact.createMany",
    ],
    lines: [
      read(`${EXTRACT} --archived include > ${ARCHIVE}`),
      read(`${EXTRACT} --no-artifacts --metrics none --concurrency 2`),
      read(`${EXTRACT} --metrics last --archived only`),
      read(`${EXTRACT} --limit 3 --max-depth 1`),
      read(
        `${EXTRACT} --experiment 'chu*' --status completed --type command,pipeline --created-after 2024-01-01`,
      ),
      read(`${EXTRACT} --tag release=2024.03 --created-before 2030-01-01`),
      read(`${EXTRACT} --include ${NESTED} --no-artifacts`),
      read(`printf 'brave_apple_k3x9q2\\n' > ids && ${EXTRACT} --include-file ids --output one.ndjson`),
      read(`azml submit --dry-run --target TARGET < ${ARCHIVE}`),
      write(`azml submit --target TARGET < ${ARCHIVE}`),
      read(`azml submit --target TARGET < ${ARCHIVE}`),
      read(`azml submit --dry-run --target TARGET < ${ARCHIVE}`),
      read(`azml verify --target TARGET < ${ARCHIVE}`),
      write(`azml submit --target TARGET --on-conflict update < ${EDITED}`),
      // The wide run is not in the edited archive: it stands in the target alone.
      read(`azml verify --target TARGET < ${EDITED}`, 6),
      read(`azml replay --dry-run --source a.json --target TARGET`),
    ],
  },
  {
    name: "replay with small pages and bare NaN",
    settings: { historyPageSize: 3, metricPageSize: 100, artifactPageSize: 40, nonFinite: "tokens" },
    faults: [],
    uses: ["history.experimentids.query", "metric.full"],
    lines: [write(`azml replay --archived include --experiment-prefix old- --source a.json --target TARGET`)],
  },
  {
    name: "no bulk look-up, no OR, times by events, no batchsync, metrics that come late",
    settings: {
      orQueries: false,
      batchRunData: false,
      backdate: "events",
      trialsInArmList: true,
      metricDelayReads: 1,
    },
    faults: [{ match: "metric.batchsync", action: REFUSED }],
    uses: ["history.run.get", "history.experiments.run.events", "metric.batch"],
    lines: [
      read(EXTRACT),
      write(`azml submit --target TARGET < ${SMALL_ARCHIVE}`),
      read(`azml submit --dry-run --target TARGET < ${SMALL_ARCHIVE}`),
      read(`azml verify --target TARGET < ${SMALL_ARCHIVE}`),
    ],
  },
  {
    name: "no query of runs below a root, no past times at all, replies lost",
    settings: { backdate: "none", historyPageSize: 3 },
    faults: [
      { match: "RootRunId|runs:query", action: { kind: "fail", status: 400 }, times: 2 },
      { match: "metric.batchsync", action: { kind: "drop" }, times: 2 },
      { match: "history.experiments.create", action: { kind: "drop" }, times: 1 },
    ],
    uses: ["history.run.children", "history.experiments.run.wait", "history.experiments.run.events"],
    lines: [
      read(`${EXTRACT} --no-artifacts`),
      write(`azml submit --target TARGET < ${SMALL_ARCHIVE}`),
      read(`azml submit --target TARGET < ${SMALL_ARCHIVE}`),
    ],
  },
];
