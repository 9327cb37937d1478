import { type Call, type CallRow, type Reply, text, texts } from "../call.ts";
import { type Clause, passes, readFilter } from "../filter.ts";
import { invalid } from "../mlflow_error.ts";
import { pageJson } from "../page.ts";
import type { Run } from "../state/run.ts";
import { foundRunJson } from "./run_json.ts";

const MOST = 50_000;
const DEFAULT = 1000;

const ATTRIBUTES: Readonly<Record<string, (run: Run) => string | number | null>> = {
  run_id: (run) => run.id,
  run_name: (run) => run.name,
  status: (run) => run.status,
  user_id: (run) => run.user,
  artifact_uri: (run) => run.artifactUri,
  start_time: (run) => run.start,
  created: (run) => run.start,
  end_time: (run) => run.end,
};
const NUMERIC = new Set(["start_time", "end_time", "created"]);

const VIEWS: Readonly<Record<string, (run: Run) => boolean>> = {
  DELETED_ONLY: ({ deleted }) => deleted,
  ALL: () => true,
};

/** `runs/search`: newest start first unless told otherwise. Experiments that are not there are passed over. */
function search(call: Call): Reply {
  const { input, store, server } = call;
  const size = input.max_results === undefined ? DEFAULT : Number(input.max_results);
  if (!(size >= 1 && size <= MOST)) {
    throw invalid(
      `Invalid value ${size} for parameter 'max_results' supplied:  Hint: Value was of type 'int'. ` +
        "See the API docs for more information about request parameters.",
    );
  }
  const clauses = readFilter(text(input.filter));
  clauses.forEach(checkClause);
  // A view that MLflow does not know is the view of the active ones.
  const seen = VIEWS[text(input.run_view_type)] ?? (({ deleted }) => !deleted);
  const found = texts(input.experiment_ids).flatMap((id) => store.runsOf(id)).filter((run) =>
    seen(run) && clauses.every((clause) => passes(heldValue(run, clause.kind, clause.key), clause))
  );
  return pageJson(
    "runs",
    found.sort(ordering(texts(input.order_by))),
    [size, text(input.page_token)],
    (run) => foundRunJson(run, server.version),
  );
}

function checkClause({ kind, key, quoted, written }: Clause): void {
  if (kind !== "attribute") return;
  if (!(key in ATTRIBUTES)) throw unknownAttribute(key);
  if (NUMERIC.has(key) && quoted) {
    throw invalid(`Expected numeric value type for numeric attribute: ${key}. Found ${written}`);
  }
}

function unknownAttribute(key: string): Error {
  const known = Object.keys(ATTRIBUTES).map((one) => `'${one}'`).join(", ");
  return invalid(`Invalid attribute key '${key}' specified. Valid keys are '{${known}}'`);
}

function heldValue(run: Run, kind: string, key: string): string | number | null {
  if (kind === "tag") return run.data.tags.get(key) ?? null;
  if (kind === "parameter") return run.data.params.get(key) ?? null;
  if (kind === "metric") return run.data.metrics.get(key)?.latest().value ?? null;
  return ATTRIBUTES[key]?.(run) ?? null;
}

const PREFIX = /^(attributes?|attr|tags?|params?|parameters?|metrics?)\./i;

/** What a run has not got comes last, whatever the direction; at the end newest start first, then id. */
function ordering(terms: readonly string[]): (left: Run, right: Run) => number {
  const keys = terms.map((term) => {
    const [, field = "", direction = ""] = /^\s*(.*?)(?:\s+(asc|desc))?\s*$/i.exec(term) ?? [];
    const kind = (PREFIX.exec(field)?.[1] ?? "attribute").toLowerCase().replace(/s$/, "").replace(
      /^attr$/,
      "attribute",
    )
      .replace(/^param$/, "parameter");
    const key = field.replace(PREFIX, "").replaceAll(/^[`"]|[`"]$/g, "");
    if (kind === "attribute" && !(key in ATTRIBUTES)) throw unknownAttribute(key);
    return { kind, key, sign: direction.toLowerCase() === "desc" ? -1 : 1 };
  });
  return (left, right) => {
    for (const { kind, key, sign } of keys) {
      const [one, other] = [heldValue(left, kind, key), heldValue(right, kind, key)];
      if (one === other) continue;
      if (one === null) return 1;
      if (other === null) return -1;
      return one < other ? -sign : sign;
    }
    return right.start - left.start || (left.id < right.id ? -1 : 1);
  };
}

/** `runs/search`. */
export const searchCalls: readonly CallRow[] = [
  { name: "runs.search", method: "POST", path: "runs/search", effect: "read", handler: search },
];
