/** What a stand-in holds of a run. */
export interface StoredRun {
  readonly info: Record<string, unknown>;
  readonly tags: Map<string, string>;
  readonly params: Map<string, string>;
  /** `key timestamp step value` of each point, as the store keeps them apart. */
  readonly points: Set<string>;
}

/** A tracking server in memory that answers as MLflow 2.22.5 did where writing runs is concerned. */
export interface StandIn extends AsyncDisposable {
  readonly address: string;
  readonly runs: Map<string, StoredRun>;
  readonly files: Map<string, string>;
  readonly bodies: string[];
  readonly experiments: Map<string, { id: string; stage: string }>;
  /** Answers the next making of a run with 500 although it was made. */
  loseNext: boolean;
}

type Body = Record<string, unknown>;
const pairs = (value: unknown) => (value ?? []) as { key: string; value: string }[];

/** Starts one. */
export function standIn(): StandIn {
  const runs = new Map<string, StoredRun>();
  const files = new Map<string, string>();
  const bodies: string[] = [];
  const experiments = new Map([["Default", { id: "0", stage: "active" }]]);
  const experimentOf = ([name, { id, stage }]: [string, { id: string; stage: string }]) => ({
    name,
    experiment_id: id,
    lifecycle_stage: stage,
  });
  const runOf = ({ info, tags, params }: StoredRun) => ({
    info,
    data: {
      tags: [...tags].map(([key, value]) => ({ key, value })),
      params: [...params].map(([key, value]) => ({ key, value })),
    },
  });
  const state = { loseNext: false };

  const routes: Record<string, (body: Body, query: URLSearchParams) => unknown> = {
    "experiments/search": () => ({ experiments: [...experiments].map(experimentOf) }),
    "experiments/create": ({ name }) => {
      if (experiments.has(String(name))) throw ["RESOURCE_ALREADY_EXISTS", "already exists"];
      experiments.set(String(name), { id: String(experiments.size), stage: "active" });
      return { experiment_id: String(experiments.size - 1) };
    },
    "experiments/restore": ({ experiment_id }) => {
      for (const one of experiments.values()) if (one.id === experiment_id) one.stage = "active";
      return {};
    },
    "experiments/get-by-name": (_, query) => ({
      experiment: [...experiments].map(experimentOf).find(({ name }) =>
        name === query.get("experiment_name")
      ),
    }),
    "runs/search": ({ filter }) => {
      const name = /name = '(.*)'/.exec(String(filter))?.[1];
      return {
        runs: [...runs.values()].filter(({ tags }) =>
          name === undefined ? tags.has("azml_name") : tags.get("azml_name") === name
        ).map(runOf),
      };
    },
    "runs/create": ({ tags, ...fields }) => {
      const id = `run${runs.size}`;
      const artifact_uri = `mlflow-artifacts:/0/${id}/artifacts`;
      const info = { run_id: id, status: "RUNNING", lifecycle_stage: "active", artifact_uri, ...fields };
      const own = new Map(pairs(tags).map(({ key, value }) => [key, value]));
      const run = { info, tags: own, params: new Map(), points: new Set<string>() };
      runs.set(id, run);
      if (state.loseNext) {
        state.loseNext = false;
        throw ["INTERNAL_ERROR", "lost", 500];
      }
      return { run: runOf(run) };
    },
    "runs/get": (_, query) => ({ run: runOf(held(query.get("run_id"))) }),
    "runs/update": ({ run_id, ...fields }) => {
      Object.assign(active(run_id).info, fields);
      return {};
    },
    "runs/delete": ({ run_id }) => ({
      info: Object.assign(held(run_id).info, { lifecycle_stage: "deleted" }),
    }),
    "runs/restore": ({ run_id }) => ({
      info: Object.assign(held(run_id).info, { lifecycle_stage: "active" }),
    }),
    "runs/set-tag": ({ run_id, key, value }) => {
      active(run_id).tags.set(String(key), String(value));
      return {};
    },
    "runs/log-batch": ({ run_id, metrics, params, tags }) => {
      const run = active(run_id);
      const points = ((metrics ?? []) as Body[]).map(({ key, timestamp, step, value }) =>
        [key, timestamp, step, value].join(" ")
      );
      if (points.some((point) => point.endsWith("NaN") && run.points.has(point))) {
        throw ["BAD_REQUEST", "(sqlite3.IntegrityError) UNIQUE constraint failed: metrics.key"];
      }
      for (const point of points) run.points.add(point);
      for (const { key, value } of pairs(params)) run.params.set(key, value);
      for (const { key, value } of pairs(tags)) run.tags.set(key, value);
      return {};
    },
    "metrics/get-history": (_, query) => ({
      metrics: [...held(query.get("run_id")).points].map((point) => point.split(" "))
        .filter(([key]) => key === query.get("metric_key"))
        .map(([key, timestamp, step, value]) => ({ key, timestamp: Number(timestamp), step, value })),
    }),
    "artifacts/list": (_, query) => ({
      files: [...files].filter(([path]) => path.startsWith(`0/${query.get("run_id")}/`))
        .map(([path, text]) => ({
          path: path.split("/artifacts/")[1],
          is_dir: false,
          file_size: text.length,
        })),
    }),
  };

  function held(id: unknown): StoredRun {
    const run = runs.get(String(id));
    if (run === undefined) throw ["RESOURCE_DOES_NOT_EXIST", `no run ${id}`, 404];
    return run;
  }

  function active(id: unknown): StoredRun {
    const run = held(id);
    if (run.info.lifecycle_stage === "deleted") throw ["INVALID_PARAMETER_VALUE", "must be active"];
    return run;
  }

  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    const url = new URL(request.url);
    const text = await request.text();
    const path = decodeURIComponent(url.pathname);
    if (request.method === "PUT") {
      files.set(path.split("/mlflow-artifacts/artifacts/")[1] ?? "", text);
      return Response.json({});
    }
    bodies.push(text);
    const route = routes[path.replace("/api/2.0/mlflow/", "")];
    if (route === undefined) return new Response("no such route", { status: 404 });
    try {
      return Response.json(route(text === "" ? {} : JSON.parse(text), url.searchParams));
    } catch (thrown) {
      const [error_code, message, status = 400] = thrown as [string, string, number?];
      return Response.json({ error_code, message }, { status });
    }
  });
  return {
    address: `http://127.0.0.1:${server.addr.port}`,
    runs,
    files,
    bodies,
    experiments,
    get loseNext() {
      return state.loseNext;
    },
    set loseNext(value) {
      state.loseNext = value;
    },
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
