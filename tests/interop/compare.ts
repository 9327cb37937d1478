import assert from "node:assert/strict";
import type { Route } from "./routes.ts";

/** What `read_back.py` tells of a server, and whether a move of it is compared yet (`kind`: word of `--kinds`). */
export const COMPARED = [
  { part: "runs", kind: "job", compared: true },
  { part: "experiments", kind: "experiment", compared: true },
  { part: "logged_models", kind: "logged_model", compared: true },
  { part: "models", kind: "model", compared: true },
  { part: "models", kind: "model_version", compared: true },
] as const;

/** The kinds that are moved and compared, as `--kinds` takes them. */
export const KINDS = COMPARED.filter(({ compared }) => compared).map(({ kind }) => kind).join(",");

/** What may differ between a source and its target, and why. Nothing else may. */
interface Allowed {
  readonly at: RegExp;
  readonly why: string;
  /** Only on routes that this holds for. */
  readonly when?: (route: Pick<Route, "to">) => boolean;
}

const hasNoLoggedModels = ({ to }: Pick<Route, "to">) => to.release === 2 || !KINDS.includes("logged_model");

const ALLOWED: readonly Allowed[] = [
  { at: /\/tags\/(azml|original)_[^/]*$/, why: "lineage and state, which azml adds" },
  { at: /^runs\/.*\/files\/azml\/original\.json$/, why: "what azml keeps of a run beside it" },
  {
    at: /^runs\/.*child of a parent that is gone>\/tags\/mlflow\.parentRunId$/,
    why: "the parent is on neither server: the child is a root, and says so in loss",
  },
  {
    at: /^experiments\/a deleted experiment\/lifecycle$/,
    why: "a deleted experiment takes no runs: it stays active, and says so in loss",
  },
  {
    at: /^runs\/.*\/model_(inputs|outputs)$/,
    why: "the target has no logged models (said in loss)",
    when: hasNoLoggedModels,
  },
  {
    at: /^runs\/<run logged models\/uses a model>\/model_inputs$/,
    why: "not written: runs come before the logged models that they used",
  },
  {
    at:
      /^(logged_models\/.*|runs\/.*\/files\/azml\/logged_models\/.*|models\/autologged\/versions\/1\/source)$/,
    why: "the target has no logged models: facts and files are with their runs (said in loss)",
    when: hasNoLoggedModels,
  },
  {
    at: /^(experiments\/azml models|runs\/<run azml models\/.*)$/,
    why: "a logged model without a run gets one for its files (said in loss)",
    when: hasNoLoggedModels,
  },
  {
    at: /^logged_models\/.*\/tags\/mlflow\.modelVersions$/,
    why: "each server writes it by itself",
  },
  {
    at: /^models\/from a logged model\/versions\/1\/source$/,
    why: "it names the logged model itself, no longer the address of its files",
  },
];

/** A place where two servers differ, e.g. `runs/<run churn/wide>/params/lr`, with both sides (undefined: not there). */
type Difference = readonly [place: string, source: unknown, target: unknown];

/** Fails unless a target holds all that its source held, but for what is allowed. */
export function assertSame(source: unknown, target: unknown, route: Pick<Route, "to">): void {
  const parts = new Set<string>(COMPARED.filter(({ compared }) => compared).map(({ part }) => part));
  const found = differences("", source, target).filter(([place]) =>
    parts.has(place.split("/")[0] ?? "") && !isAllowed(place, route)
  );
  assert.deepEqual(found, []);
}

function isAllowed(place: string, route: Pick<Route, "to">): boolean {
  return ALLOWED.some(({ at, when }) => at.test(place) && (when?.(route) ?? true));
}

function differences(place: string, source: unknown, target: unknown): Difference[] {
  if (!isObject(source) || !isObject(target)) {
    const isSame = JSON.stringify(plain(place, source)) === JSON.stringify(plain(place, target));
    return isSame ? [] : [[place, source, target]];
  }
  const names = new Set([...Object.keys(source), ...Object.keys(target)]);
  return [...names].flatMap((name) =>
    differences(place === "" ? name : `${place}/${name}`, source[name], target[name])
  );
}

/**
 * Without what a logged model's MLmodel file says of one server alone (ids of experiments, and its `model_uuid`), and
 * with a run's logged models in an order of their own: the server gives them in that of their random ids.
 */
function plain(place: string, value: unknown): unknown {
  if (Array.isArray(value) && place.endsWith("/model_outputs")) {
    return value.map((one) => JSON.stringify(one)).sort();
  }
  if (typeof value !== "string" || !/^logged_models\/.*\/MLmodel$/.test(place)) return value;
  return value.replace(/^model_uuid: .*$/m, "model_uuid:").replace(
    /^(artifact_path: \S*\/)\d+(?=\/models\/)/m,
    "$1",
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
