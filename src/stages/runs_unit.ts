import type { Artifacts } from "../records/artifacts.ts";
import type { JsonValue } from "../records/json.ts";
import type { JobRecord } from "../records/job.ts";
import { limitOf } from "../records/limits.ts";
import { isReservedTag, lineageTags } from "../records/lineage_tags.ts";
import { targetName } from "../records/target_name.ts";
import type { UnitRecord } from "../records/unit.ts";
import { OWN_FOLDER } from "./original_file.ts";
import { metricsOf, morePointsOf, tablesOf } from "./plan_metrics.ts";
import { Fitting } from "./plan_fitting.ts";
import type { PlanSettings } from "./plan_options.ts";

/** Fields of a job that have their place in a unit; everything else goes to `rest`. */
const PLACED: ReadonlySet<string> = new Set(
  ("kind v id source type role parent root depth experiment display_name description archived status created_by " +
    "created_at started_at ended_at tags params metrics more_points tables artifacts").split(" "),
);

/** MLflow's own link to the parent: the target sets it to the run that the parent has become. */
const PARENT_POINTER = "mlflow.parentRunId";

/** One tag is left free for the digest that says that all of a run landed. */
const DIGEST_ROOM = 1;

/** Plans a job as a finished run. `parent`: the target name of the one that it hangs below, null for a root. */
export function runsUnit(job: JobRecord, settings: PlanSettings, parent: string | null): UnitRecord {
  const source = job.source ?? null;
  const fit = new Fitting(settings.worldOf(source));
  const name = targetName("runs", source, job.id);
  const unit: UnitRecord = {
    kind: "unit",
    v: 1,
    id: name,
    origin: originOf(job),
    as: "runs",
    for: fit.world,
    role: "run",
    target_name: name,
    parent_target: parent,
    experiment: fitted(
      job.experiment,
      (text) => fit.text("experiment", settings.experimentName(text), "experiment"),
    ),
    display_name: fitted(job.display_name, (text) => fit.text("display_name", text, "display_name")),
    description: fitted(job.description, (text) => fit.text("description", text, "description")),
    archived: job.archived ?? null,
    status: job.status ?? null,
    times: timesOf(job),
    tags: tagsOf(job, fit),
    params: paramsOf(job, fit),
    metrics: metricsOf(job, fit),
    ...morePointsOf(job, fit.world),
    tables: tablesOf(job, fit),
    artifacts: artifactsOf(job, fit),
    rest: restOf(job, fit),
    loss: fit.loss,
  };
  noteWhatMoved(job, fit);
  return job.incomplete === undefined ? unit : { ...unit, incomplete: job.incomplete };
}

function fitted(text: string | null | undefined, fit: (text: string) => string): string | null {
  return text === null || text === undefined ? null : fit(text);
}

function originOf(job: JobRecord): UnitRecord["origin"] {
  return {
    source: job.source ?? null,
    id: job.id,
    parent: job.parent ?? null,
    root: job.root ?? null,
    depth: job.depth ?? null,
    type: job.type ?? null,
    role: job.role ?? null,
  };
}

/** Times that a filter took away stay away: null says that the source has none. */
function timesOf(job: JobRecord): NonNullable<UnitRecord["times"]> {
  return {
    ...(job.created_at === undefined ? {} : { created: job.created_at }),
    ...(job.started_at === undefined ? {} : { started: job.started_at }),
    ...(job.ended_at === undefined ? {} : { ended: job.ended_at }),
  };
}

function tagsOf(job: JobRecord, fit: Fitting): Record<string, string> {
  const lineage = lineageTags(job);
  const limits = { key: "tag_key", value: "tag_value" } as const;
  const all = limitOf(fit.world, "tags");
  const tags = fit.strings("tags", lineage, { ...limits, room: all });
  const own: Record<string, string> = Object.create(null);
  for (const [key, value] of Object.entries(job.tags ?? {})) {
    if (key === PARENT_POINTER && value === job.parent) continue;
    if (isReservedTag(key)) fit.moved(`tags.${key}`, "azml keeps this tag for its own lineage", value);
    else own[key] = value;
  }
  const room = all - Object.keys(lineage).length - DIGEST_ROOM;
  return { ...tags, ...fit.strings("tags", own, { ...limits, room }) };
}

function paramsOf(job: JobRecord, fit: Fitting): Record<string, string> | null {
  if (!job.params) return null;
  const room = limitOf(fit.world, "params");
  return fit.strings("params", job.params, { key: "param_key", value: "param_value", room });
}

function artifactsOf(job: JobRecord, fit: Fitting): Artifacts | null {
  if (!job.artifacts) return null;
  return shortEnough(besideOurs(job.artifacts, fit), fit);
}

/**
 * A run that azml made once has files of azml's own already. They go one folder deeper, at each hop, so that the file
 * that azml writes now does not take their place.
 */
function besideOurs(artifacts: Artifacts, fit: Fitting): Artifacts {
  const { store } = artifacts;
  if (store === null || !artifacts.files.some(({ path }) => path.startsWith(OWN_FOLDER))) return artifacts;
  const files = artifacts.files.map((file) => {
    if (!file.path.startsWith(OWN_FOLDER)) return file;
    const path = `${OWN_FOLDER}before/${file.path.slice(OWN_FOLDER.length)}`;
    const reason = `azml keeps files of its own below ${OWN_FOLDER}; this one is at ${path}`;
    fit.loss.push({ field: `artifacts.${file.path}`, change: "renamed", reason, original: file.path });
    return { ...file, path, at: file.at ?? { store, path: `${store.prefix ?? ""}${file.path}` } };
  });
  return { ...artifacts, files };
}

function shortEnough(artifacts: Artifacts, fit: Fitting): Artifacts {
  const max = limitOf(fit.world, "artifact_path");
  const tooLong = artifacts.files.filter((file) => file.path.length > max);
  if (tooLong.length === 0) return artifacts;
  for (const { path } of tooLong) {
    const reason = `${fit.world} takes paths of ${max} characters`;
    fit.loss.push({ field: `artifacts.${path}`, change: "dropped", reason, original: path });
  }
  return { ...artifacts, files: artifacts.files.filter((file) => file.path.length <= max) };
}

/** What has no place of its own in a run, and fields that this azml does not know. */
function restOf(job: JobRecord, fit: Fitting): Record<string, JsonValue> | null {
  const rest: Record<string, JsonValue> = {};
  for (const field of Object.keys(job)) {
    if (PLACED.has(field)) continue;
    // Whatever a looser job line holds came out of a JSON parser.
    const value = job[field] as JsonValue | undefined;
    if (value === undefined || isNothing(value)) continue;
    rest[field] = value;
    fit.moved(field, "no place in a run; kept in azml/original.json");
  }
  return Object.keys(rest).length === 0 ? null : rest;
}

function isNothing(value: JsonValue): boolean {
  return value === null || (typeof value === "object" && Object.keys(value).length === 0);
}

/** Facts that a target sets by itself; the tags keep the original's. MLflow takes a user, and a start for all times. */
function noteWhatMoved(job: JobRecord, fit: Fitting): void {
  const takesUser = fit.world === "mlflow";
  const keepsCreation = fit.world === "mlflow" && job.created_at === job.started_at;
  if (job.created_at && !keepsCreation) {
    fit.moved("created_at", "set by the target; kept in tag original_created_at");
  }
  if (job.created_by && !takesUser) {
    fit.moved("created_by", "set by the target; kept in tag original_created_by");
  }
}
