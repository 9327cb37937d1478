import type { Run } from "../state.ts";

/** Fields that filters and orders may name, lower-cased (Azure ML run history B.1). */
const FIELDS: Readonly<Record<string, (run: Run) => string | null>> = {
  runid: (run) => run.runId,
  rootrunid: (run) => run.rootRunId,
  parentrunid: (run) => run.parentRunId,
  experimentid: (run) => run.experimentId,
  status: (run) => run.status,
  runtype: (run) => run.runType,
  type: (run) => run.runType,
  target: (run) => run.target,
  scriptname: (run) => run.scriptName,
  name: (run) => run.name,
  displayname: (run) => run.displayName,
  description: (run) => run.description,
  hidden: (run) => String(run.hidden),
  userid: (run) => run.createdBy.userObjectId,
  createdutc: (run) => run.createdUtc,
  starttimeutc: (run) => run.startTimeUtc,
  endtimeutc: (run) => run.endTimeUtc,
  lastmodifiedutc: (run) => run.lastModifiedUtc,
  "runtypev2/orchestrator": (run) => run.runTypeV2?.orchestrator ?? null,
  "runtypev2/attribution": (run) => run.runTypeV2?.attribution ?? null,
  "runtypev2/computetype": (run) => run.runTypeV2?.computeType ?? null,
};

const MAPS: Readonly<Record<string, (run: Run) => Record<string, string>>> = {
  tags: (run) => run.tags,
  properties: (run) => run.properties,
  parameters: (run) => run.parameters,
};

/** Whether a filter may name this field. */
export function isRunField(field: string): boolean {
  const [head = "", key] = split(field);
  return field.toLowerCase() in FIELDS || (key !== undefined && head in MAPS);
}

/** What a run holds under a field: names without regard to case, keys of tags and properties as written. */
export function runField(run: Run, field: string): string | null {
  const plain = FIELDS[field.toLowerCase()];
  if (plain !== undefined) return plain(run);
  const [head = "", key = ""] = split(field);
  return MAPS[head]?.(run)[key] ?? null;
}

function split(field: string): [string, string?] {
  const slash = field.indexOf("/");
  return slash < 0 ? [field.toLowerCase()] : [field.slice(0, slash).toLowerCase(), field.slice(slash + 1)];
}
