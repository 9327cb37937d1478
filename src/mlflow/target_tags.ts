import type { Loss } from "../records/loss.ts";
import type { UnitRecord } from "../records/unit.ts";
import { NAME_TAG } from "../records/lineage_tags.ts";
import { PARENT_TAG } from "./run_parse.ts";
import type { TargetScope } from "./target_scope.ts";

/** Tags that MLflow's own clients and pages use (MLflow documentation, "System Tags"). */
const RUN_NAME = "mlflow.runName";
const USER = "mlflow.user";
const NOTE = "mlflow.note.content";
const MODEL_HISTORY = "mlflow.log-model.history";

/** MLflow's column for names of runs takes so many characters. */
const NAME_MAX = 250;

/** What a run is called and who it belongs to, with all its tags but the digest. */
export interface RunFace {
  readonly name: string;
  readonly user: string | null;
  /** Those that find the run again come first. */
  readonly tags: Readonly<Record<string, string>>;
  /** The tags that name the run itself, known when its id is. */
  late(runId: string): Readonly<Record<string, string>>;
  readonly loss: readonly Loss[];
}

/** Names, user and tags of a unit's run. `parent`: id of the run above in the target, null for a root. */
export function faceOf(
  { useSourceUser, user: importer }: Pick<TargetScope, "useSourceUser" | "user">,
  unit: UnitRecord,
  parent: string | null,
): RunFace {
  const given = unit.tags ?? {};
  const name = unit.display_name || unit.origin.id.slice(0, NAME_MAX);
  const user = useSourceUser ? given.original_created_by || given[USER] || importer : importer;
  const own: Record<string, string | null> = {
    [NAME_TAG]: unit.target_name,
    [RUN_NAME]: name,
    [PARENT_TAG]: parent,
    ...(useSourceUser && given[USER] !== undefined ? {} : { [USER]: user }),
    ...(unit.description ? { [NOTE]: unit.description } : {}),
  };
  const history = given[MODEL_HISTORY];
  const tags = { ...present(own), ...without(given, [...Object.keys(own), MODEL_HISTORY]) };
  const loss = [...nameLoss(unit, name), ...tagLosses(given, own)];
  if (history !== undefined && renamed(history, unit.origin.id, "") !== history) {
    loss.push(historyLoss(history));
  }
  return {
    name,
    user,
    tags,
    late: (runId) =>
      history === undefined ? {} : { [MODEL_HISTORY]: renamed(history, unit.origin.id, runId) },
    loss,
  };
}

function present(tags: Readonly<Record<string, string | null>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tags).flatMap(([key, value]) => value === null ? [] : [[key, value]]),
  );
}

function without(tags: Readonly<Record<string, string>>, keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.includes(key)));
}

function nameLoss({ display_name }: UnitRecord, name: string): readonly Loss[] {
  if (display_name) return [];
  const reason = `the unit has none, and every run has one: it is ${JSON.stringify(name)}`;
  return [{ field: "display_name", change: "rewritten", reason }];
}

/** Tags of the source in whose place azml puts its own. */
function tagLosses(
  given: Readonly<Record<string, string>>,
  own: Readonly<Record<string, string | null>>,
): readonly Loss[] {
  return Object.entries(own).flatMap(([key, value]): Loss[] => {
    const original = given[key];
    if (original === undefined || original === value) return [];
    const reason = value === null
      ? "it would name a run that is not there"
      : "it speaks of the run in the target";
    return [{ field: `tags.${key}`, change: value === null ? "moved" : "rewritten", reason, original }];
  });
}

/** The history is JSON, a list of what `MLmodel` files say; its other digits stay as they are. */
function renamed(history: string, from: string, to: string): string {
  return history.replaceAll(
    /("run_id"\s*:\s*)("(?:[^"\\]|\\.)*")/g,
    (all, key: string, value: string) => value === JSON.stringify(from) ? key + JSON.stringify(to) : all,
  );
}

function historyLoss(original: string): Loss {
  const reason = "it names the run in the target";
  return { field: `tags.${MODEL_HISTORY}`, change: "rewritten", reason, original };
}
