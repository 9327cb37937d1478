import { Failure } from "../records/failure.ts";
import type { JsonObject } from "../records/json.ts";
import type { Loss } from "../records/loss.ts";
import type { UnitRecord } from "../records/unit.ts";
import type { OpenRun } from "./open_run.ts";
import { readRun, runOf } from "./read_run.ts";
import { MLFLOW_ROUTES } from "./routes.ts";
import type { MlflowRun } from "./run_parse.ts";
import { DEFAULT_EXPERIMENT } from "./target_experiments.ts";
import { reopenRun } from "./target_reopen.ts";
import type { TargetScope } from "./target_scope.ts";
import { endOf } from "./target_status.ts";
import { faceOf, type RunFace } from "./target_tags.ts";
import { timesOf } from "./target_times.ts";

/** Tags that go with the request that makes a run (150 were seen to pass), by number and by characters. */
const TAGS_AT_ONCE = 100;
const CHARACTERS_AT_ONCE = 250_000;

/**
 * Makes the run of a unit, with its experiment. `parent`: id of the run above, null for a root. When it is unknown
 * whether the server made it, the run is looked for, so that it is not made twice. Throws `Failure`.
 */
export async function createRun(
  scope: TargetScope,
  unit: UnitRecord,
  parent: string | null,
): Promise<OpenRun> {
  const face = faceOf(scope, unit, parent);
  const experiment = await scope.experiments.idOf(unit.experiment || DEFAULT_EXPERIMENT);
  const { now, later } = shared(face.tags);
  const { run, wasThere } = await send(scope, unit, { experiment, face, now });
  if (wasThere) return await reopenRun(scope, unit, parent, run.id) ?? cannotBe(run.id);
  await scope.runs.note({ name: unit.target_name, target: run.id, origin: originOf(face), digest: null });
  const tags = { ...later, ...face.late(run.id) };
  const loss = [...face.loss, ...timesOf(unit, endOf(unit).over).loss, ...experimentLoss(unit)];
  return { run, wasThere, wasDeleted: false, tags, params: unit.params ?? {}, loss };
}

interface Making {
  readonly experiment: string;
  readonly face: RunFace;
  readonly now: Readonly<Record<string, string>>;
}

async function send(
  scope: TargetScope,
  unit: UnitRecord,
  { experiment, face, now }: Making,
): Promise<{ readonly run: MlflowRun; readonly wasThere: boolean }> {
  const { started } = timesOf(unit, false);
  const body: JsonObject = {
    experiment_id: experiment,
    run_name: face.name,
    tags: Object.entries(now).map(([key, value]) => ({ key, value })),
    ...(started === null ? {} : { start_time: started }),
    ...(face.user === null ? {} : { user_id: face.user }),
  };
  try {
    const answer = await scope.server.send(MLFLOW_ROUTES.runs.create, { body });
    return { run: runOf(answer.body), wasThere: false };
  } catch (thrown) {
    if (!mayBeThere(thrown)) throw thrown;
    const found = await scope.runs.look(unit.target_name, experiment);
    if (found === null) throw thrown;
    scope.log.info(
      `run ${found.target} was made although the server's answer was lost: azml goes on with it`,
    );
    return { run: await readRun(scope, found.target) ?? cannotBe(found.target), wasThere: true };
  }
}

function mayBeThere(thrown: unknown): boolean {
  if (!(thrown instanceof Failure)) return false;
  const { code, status } = thrown.facts;
  return code === "reply_lost" || code === "no_run" || (status ?? 0) >= 500;
}

function shared(tags: Readonly<Record<string, string>>) {
  const now: Record<string, string> = {};
  const later: Record<string, string> = {};
  let [count, characters] = [0, 0];
  for (const [key, value] of Object.entries(tags)) {
    characters += key.length + value.length;
    const fits = ++count <= TAGS_AT_ONCE && characters <= CHARACTERS_AT_ONCE;
    (fits ? now : later)[key] = value;
  }
  return { now, later };
}

function originOf({ tags }: RunFace): { source: string; id: string } | null {
  const { azml_source: source, original_job_id: id } = tags;
  return source === undefined || id === undefined ? null : { source, id };
}

function experimentLoss({ experiment }: UnitRecord): readonly Loss[] {
  if (experiment) return [];
  const reason = `the unit names none, and every run is in one: it is in ${DEFAULT_EXPERIMENT}`;
  return [{ field: "experiment", change: "rewritten", reason }];
}

function cannotBe(id: string): never {
  throw new Failure(`Run ${id} was there a moment ago and is not any more.`, {
    code: "run_gone",
    reach: "record",
    retryable: true,
    hint: "somebody purges runs of the target: run it again",
  });
}
