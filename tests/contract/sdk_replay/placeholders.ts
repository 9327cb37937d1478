import type { Operation, SdkRequest } from "./operation.ts";

/** What the guids of an operation stand for, by placeholder (`<guid-1>`). */
export interface Roles {
  readonly runs: readonly string[];
  readonly experiments: readonly string[];
  /** Runs that the operation itself makes: by PATCH (id chosen by the client) or by MLflow (id from the answer). */
  readonly patched: ReadonlySet<string>;
  readonly answered: readonly string[];
}

const RUN = [
  /\/runs\/(<guid-\d+>)/g,
  /"(?:run_id|run_uuid|runId|RunId|parentRunId|runid)":"(<guid-\d+>)"/g,
  /"key":"mlflow\.parentRunId","value":"(<guid-\d+>)"/g,
  /RunId (?:eq|ne) (<guid-\d+>)/g,
  /dcid\.(<guid-\d+>)/g,
];
const EXPERIMENT = [/experimentids\/(<guid-\d+>)/g, /"experiment_ids?":\[?"(<guid-\d+>)"/g];
const CREATED_BY_PATCH = [
  /^PATCH .*\/runs\/(<guid-\d+>) /g,
  /"runs":\[.*?"runId":"(<guid-\d+>)"/g,
  /"runId":"(<guid-\d+>)"/g,
];

/** Finds out, from where each guid stands, which are runs and which are experiments. */
export function rolesOf(operation: Operation): Roles {
  const texts = operation.requests.map(textOf);
  const runs = found(texts, RUN);
  const patched = new Set<string>();
  const seen = new Set<string>();
  let created = false;
  const answered: string[] = [];
  texts.forEach((text) => {
    if (text.startsWith("PATCH ")) {
      for (const run of found([text], CREATED_BY_PATCH)) if (!seen.has(run)) patched.add(run);
    }
    for (const run of found([text], RUN)) {
      if (created && !seen.has(run) && !patched.has(run)) answered.push(run);
      seen.add(run);
    }
    created ||= text.includes("/mlflow/runs/create ");
  });
  return { runs, experiments: found(texts, EXPERIMENT), patched, answered };
}

/** A request as one line of text, JSON without spaces. */
export function textOf({ method, path, query, body }: SdkRequest): string {
  return `${method} ${path} ${JSON.stringify(query ?? {})} ${JSON.stringify(body ?? null)}`;
}

function found(texts: readonly string[], patterns: readonly RegExp[]): string[] {
  const names = new Set<string>();
  for (const text of texts) {
    for (const pattern of patterns) {
      for (const [, name] of text.matchAll(pattern)) if (name !== undefined) names.add(name);
    }
  }
  return [...names];
}
