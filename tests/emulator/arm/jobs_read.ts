import { ServiceError } from "../errors.ts";
import { type Context, json, type Reply } from "../router.ts";
import type { ArmJob, Run } from "../state.ts";
import { jobView } from "./job_view.ts";
import { armPage } from "./paging.ts";

type Pair = readonly [ArmJob, Run];

/** GET of the job list: top-level jobs, newest first; views, `tag`, `jobType`; filters stay in `nextLink`. */
export function listJobs(context: Context): Reply {
  const { query } = context;
  const view = views[query.get("listViewType")?.toLowerCase() ?? "activeonly"] ?? views.activeonly;
  const jobType = query.get("jobType")?.toLowerCase();
  const tag = query.get("tag");
  const scheduled = query.get("scheduled") === "true";
  const pairs = allJobs(context).filter(([job, run]) =>
    view?.(run) === true &&
    (jobType === undefined || String(job.definition.jobType).toLowerCase() === jobType) &&
    (tag === null || hasTag(run, tag)) &&
    (!scheduled || run.properties["azureml.scheduleid"] !== undefined)
  );
  return armPage(context, pairs, ([job, run]) => jobView(context, job, run));
}

const views: Record<string, (run: Run) => boolean> = {
  activeonly: (run) => !run.hidden,
  archivedonly: (run) => run.hidden,
  all: () => true,
};

function allJobs(context: Context): Pair[] {
  const { jobs, runs } = context.workspace;
  const pairs: Pair[] = [];
  for (const job of jobs.values()) {
    const run = runs.get(job.name);
    if (run === undefined) continue;
    const listed = job.access === "listed" || (context.settings.trialsInArmList && run.parentRunId !== null);
    if (listed) pairs.push([job, run]);
  }
  return pairs.reverse();
}

/** `tag=name` or `tag=name=value`. */
function hasTag(run: Run, tag: string): boolean {
  const [name = "", ...value] = tag.split("=");
  if (!Object.hasOwn(run.tags, name)) return false;
  return value.length === 0 || run.tags[name] === value.join("=");
}

/** GET of one job. Trials answer `JobNotSupported`; an unknown name is 404. */
export function getJob(context: Context): Reply {
  return json(jobView(context, ...findJob(context)));
}

/** The job that a request names, with its run. Throws 404, or 400 `JobNotSupported` for trials. */
export function findJob(context: Context): Pair {
  const { name = "" } = context.params;
  const job = context.workspace.jobs.get(name);
  const run = context.workspace.runs.get(name);
  if (job === undefined || run === undefined) {
    throw new ServiceError({
      status: 404,
      code: "UserError",
      inner: ["NotFound", "JobNotFound"],
      message: `Job ${name} was not found in workspace ${context.workspace.facts.name}.`,
    });
  }
  if (job.access === "unsupported") {
    throw new ServiceError({
      status: 400,
      code: "UserError",
      inner: ["BadArgument", "JobNotSupported"],
      message: `(JobNotSupported) Job ${name} is of a type that is not supported.`,
    });
  }
  return [job, run];
}
