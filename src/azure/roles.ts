import type { Run } from "./run.ts";
import type { RunNode } from "./run_tree.ts";

/** What a run is to its children. */
type Nature = "pipeline" | "sweep" | "automl" | "other";

/** What a job record says of a run's kind. */
export interface Kinship {
  readonly type: string | null;
  readonly role: string | null;
}

/**
 * Marks of a run (see `marksOf`) to its type, first row that fits. Sources: recorded runs of pipelines and steps,
 * and published run details of sweeps and AutoML jobs (Azure ML run history).
 */
const TYPES: readonly (readonly [mark: RegExp, type: string])[] = [
  [/^(azureml\.pipelinerun|pipelinerun|steptype:pipeline(step|run)?)$/, "pipeline"],
  [
    /^(hyperdrive|template:hyperdrive|steptype:hyperdrivestep|component:mastersweep.*|component:masterhyperdrive.*)$/,
    "sweep",
  ],
  [/^(automl|template:automl|steptype:automlstep|component:masterautoml.*)$/, "automl"],
  [/^(steptype:(parallelrunstep|parallelstep)|azureml\.parallelrun|component:masterparallel.*)$/, "parallel"],
  [/^(steptype:(synapse)?sparkstep|spark|sparkrun|azureml\.sparkrun)$/, "spark"],
  [
    /^(steptype:pythonscriptstep|steptype:commandstep|azureml\.scriptrun|scriptrun|command|azureml\.commandrun)$/,
    "command",
  ],
];

const NATURES: Readonly<Record<string, Nature>> = { pipeline: "pipeline", sweep: "sweep", automl: "automl" };

/** Runs that an AutoML job or a sweep starts beside its trials; ids end so. */
const HELPERS = /_(setup|featurize|worker(_\d+)?|modelexplain|rai|preparation)$/i;

const STEP = "azureml.steprun";
const TRIAL_TEMPLATE = /^(automl|hyperdrive)_child$/i;

/** Types that a trial, or a run that AutoML or a sweep starts beside its trials, may have: its marks are its parent's, too. */
const LEAF_TYPES = ["command", "spark", "parallel"];

/**
 * Type and role of a run, from its job definition if ARM has one, from its own marks, and from its place in the tree.
 * A run without a job is a `run` as a root; below one, a kind that azml does not know is called as the service calls
 * it. The type is null when ARM has a job without a type.
 */
export function kinshipOf(node: RunNode): Kinship {
  const isRoot = node.parent === null && node.depth === 0;
  const role = isRoot ? null : roleOf(node);
  const jobType = jobTypeOf(node);
  if (jobType !== null || node.run === null) return { type: jobType, role };
  return { type: role === null ? "run" : childTypeOf(node, node.run), role };
}

function jobTypeOf(node: RunNode): string | null {
  const jobType = node.arm?.properties?.["jobType"];
  return typeof jobType === "string" && jobType !== "" ? jobType.toLowerCase() : null;
}

function childTypeOf(node: RunNode, run: Run): string {
  if (isNestedPipeline(node)) return "pipeline";
  const known = isLeaf(node) ? knownType(run, LEAF_TYPES) : knownType(run);
  return known ?? (isStep(run) ? "command" : word(run) ?? "run");
}

/** A trial, or a helper of a sweep or AutoML job. */
function isLeaf(node: RunNode): boolean {
  if (node.parent === null) return false;
  const parent = natureOf(node.parent);
  if (parent !== "sweep" && parent !== "automl") return false;
  return HELPERS.test(node.id) || isNumbered(node) || TRIAL_TEMPLATE.test(templateOf(node.run));
}

/** The role of a run that has a parent. */
function roleOf(node: RunNode): string {
  const parent = node.parent === null ? "other" : natureOf(node.parent);
  if (parent === "sweep" && isSweepTrial(node)) return "sweep_trial";
  if (parent === "automl" && isAutomlTrial(node)) return "automl_trial";
  if (isNestedPipeline(node)) return "nested_pipeline";
  if (parent === "pipeline" || (node.run !== null && isStep(node.run))) return "step";
  return "run";
}

/** Asked of a parent for each of its children, so it is kept. */
const natures = new WeakMap<RunNode, Nature>();

function natureOf(node: RunNode): Nature {
  const known = natures.get(node);
  if (known !== undefined) return known;
  // Parents that lead in a circle end here.
  natures.set(node, "other");
  const nature = findNature(node);
  natures.set(node, nature);
  return nature;
}

function findNature(node: RunNode): Nature {
  const jobType = jobTypeOf(node);
  if (jobType !== null) return NATURES[jobType] ?? "other";
  if (node.run === null || isLeaf(node)) return "other";
  if (isNestedPipeline(node)) return "pipeline";
  return NATURES[knownType(node.run) ?? ""] ?? "other";
}

/**
 * A pipeline inside a pipeline: it says so, or it is a step whose children are steps. What the service calls such a
 * run is not documented; a step of a sweep, of AutoML, or a script with runs of its own is none.
 */
function isNestedPipeline(node: RunNode): boolean {
  if (node.run === null || node.parent === null) return false;
  const type = knownType(node.run);
  if (type === "pipeline") return true;
  if (type === "sweep" || type === "automl") return false;
  return node.children.some((child) => child.run !== null && isStep(child.run));
}

function isStep(run: Run): boolean {
  return marksOf(run).includes(STEP);
}

/** `<parent>_<n>`, or named in the parent's tags (`_aml_system_<child>`). */
function isSweepTrial(node: RunNode): boolean {
  if (HELPERS.test(node.id)) return false;
  const tags = node.parent?.run?.tags ?? {};
  return isNumbered(node) || `_aml_system_${node.id}` in tags || TRIAL_TEMPLATE.test(templateOf(node.run));
}

/** `<parent>_<n>`, or marked `automl_child`; set-up, featurizing, worker and explanation runs are none. */
function isAutomlTrial(node: RunNode): boolean {
  if (HELPERS.test(node.id)) return false;
  return isNumbered(node) || TRIAL_TEMPLATE.test(templateOf(node.run));
}

function isNumbered(node: RunNode): boolean {
  const parent = node.parent?.id ?? "";
  return node.id.startsWith(`${parent}_`) && /^\d+$/.test(node.id.slice(parent.length + 1));
}

function templateOf(run: Run | null): string {
  return run?.properties?.["runTemplate"] ?? run?.properties?.["run_template"] ?? "";
}

function knownType(run: Run, only: readonly string[] | null = null): string | null {
  const marks = marksOf(run);
  const row = TYPES.find(([mark, type]) =>
    (only?.includes(type) ?? true) && marks.some((word) => mark.test(word))
  );
  return row?.[1] ?? null;
}

/** Everything by which the service tells what a run is, in lower case. */
function marksOf(run: Run): string[] {
  const bag = run.properties ?? {};
  return [
    run.runType,
    run.orchestrator,
    ...run.traits,
    bag["azureml.runsource"],
    prefixed("steptype", bag["StepType"]),
    prefixed("template", templateOf(run)),
    prefixed("component", bag["azureml.pipelineComponent"]),
  ].filter((mark) => typeof mark === "string" && mark !== "").map((mark) => `${mark}`.toLowerCase());
}

function prefixed(prefix: string, value: string | undefined): string | null {
  return value === undefined || value === "" ? null : `${prefix}:${value}`;
}

/** The service's own word for a run that no row knows; traits such as `mlflow` tell who wrote a run, not what it is. */
function word(run: Run): string | null {
  return (run.runType ?? run.properties?.["azureml.runsource"])?.toLowerCase() ?? null;
}
