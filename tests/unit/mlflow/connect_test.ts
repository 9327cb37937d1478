import assert from "node:assert/strict";
import type { MlflowConfig } from "../../../src/mlflow/config.ts";
import { connectServer, type MlflowDeps } from "../../../src/mlflow/connect.ts";
import { MLFLOW_ROUTES } from "../../../src/mlflow/routes.ts";
import { Failure } from "../../../src/records/failure.ts";
import { createPacers } from "../../../src/wire/pacer.ts";
import { fakeClock, KEEPS_CONNECTIONS } from "../wire/rig.ts";

function test(name: string, fn: () => Promise<void>) {
  Deno.test({ name, fn, ...KEEPS_CONNECTIONS });
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error = await work.then(() => null, (error: unknown) => error);
  assert.ok(error instanceof Failure, `a Failure was expected, not ${error}`);
  return error;
}

interface Seen {
  readonly path: string;
  readonly headers: Headers;
}

/** Answers by `METHOD /path`; null is Flask's page for a route that is not there. */
type Answers = Readonly<Record<string, (seen: Seen, number: number) => Response>>;

const SEARCH = "POST /api/2.0/mlflow/experiments/search";
const INFO = "GET /api/3.0/mlflow/server-info";
const VERSION = "GET /version";
const MODEL = "GET /api/2.0/mlflow/logged-models/m-00000000000000000000000000000000";

/** MLflow's answer to a route that it does not have. */
function noRoute(): Response {
  return new Response("<!doctype html><title>404 Not Found</title>", {
    status: 404,
    headers: { "content-type": "text/html" },
  });
}

function refusal(status: number, error_code: string, message = "Said so."): Response {
  return Response.json({ error_code, message }, { status });
}

const V2: Answers = {
  [VERSION]: () => new Response("2.22.5"),
  [SEARCH]: () => Response.json({ experiments: [{ experiment_id: "0" }] }),
};

interface Lab extends AsyncDisposable {
  readonly base: string;
  readonly seen: Seen[];
  readonly told: string[];
  config(more?: Partial<MlflowConfig>): MlflowConfig;
  readonly deps: MlflowDeps;
}

function startLab(answers: Answers): Lab {
  const seen: Seen[] = [];
  const told: string[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    await request.body?.cancel();
    const { pathname, search } = new URL(request.url);
    const one = { path: `${request.method} ${pathname}${search}`, headers: request.headers };
    const answer = answers[`${request.method} ${pathname}`];
    return answer === undefined ? noRoute() : answer(one, seen.push(one) - 1);
  });
  const base = `http://127.0.0.1:${server.addr.port}`;
  const clock = fakeClock();
  return {
    base,
    seen,
    told,
    config: (more = {}) => ({
      kind: "mlflow",
      from: "c.json",
      address: base,
      registry: null,
      workspace: null,
      auth: { kind: "none" },
      headers: {},
      caFile: null,
      insecureTls: false,
      sourceId: null,
      ...more,
    }),
    deps: {
      pacers: createPacers({ clock, start: 8, max: 32 }),
      userAgent: "azml/test",
      clock,
      log: { info: (message) => told.push(message) },
    },
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

const ABLE: readonly {
  readonly name: string;
  readonly answers: Answers;
  readonly version: readonly number[] | null;
  readonly loggedModels: boolean;
  readonly calls: number;
}[] = [
  { name: "2.22.5", answers: V2, version: [2, 22, 5], loggedModels: false, calls: 2 },
  {
    name: "3.6.0, which has no server-info",
    answers: { ...V2, [VERSION]: () => new Response("3.6.0"), [INFO]: noRoute },
    version: [3, 6, 0],
    loggedModels: true,
    calls: 3,
  },
  {
    name: "3.17.2",
    answers: {
      ...V2,
      [VERSION]: () => new Response("3.17.2.dev0\n"),
      [INFO]: () => Response.json({ workspaces_enabled: false }),
    },
    version: [3, 17, 2],
    loggedModels: true,
    calls: 3,
  },
  {
    name: "unknown version that has logged models",
    answers: {
      [SEARCH]: () => Response.json({}),
      [VERSION]: () => new Response(null, { status: 403 }),
      [INFO]: noRoute,
      [MODEL]: () => refusal(404, "RESOURCE_DOES_NOT_EXIST"),
    },
    version: null,
    loggedModels: true,
    calls: 4,
  },
  {
    name: "unknown version without logged models",
    answers: { [SEARCH]: () => Response.json({}), [VERSION]: () => new Response("<html>") },
    version: null,
    loggedModels: false,
    calls: 4,
  },
];

for (const { name, answers, version, loggedModels, calls } of ABLE) {
  test(`a server is found by asking: ${name}`, async () => {
    await using lab = startLab(answers);
    const server = await connectServer(lab.config(), lab.deps);
    assert.deepEqual(server.abilities, { version, loggedModels, workspaces: false });
    assert.deepEqual([server.id, server.address], [`mlflow+${lab.base}`, lab.base]);
    assert.equal(server.wire.calls(), calls);
  });
}

test("a path before the API and a source_id are kept", async () => {
  await using lab = startLab({
    "GET /team/version": () => new Response("2.22.5"),
    "POST /team/api/2.0/mlflow/experiments/search": () => Response.json({}),
    "GET /team/api/2.0/mlflow/runs/get": () => Response.json({ run: {} }),
  });
  const server = await connectServer(
    lab.config({ address: `${lab.base}/team`, sourceId: "mlflow+https://real" }),
    lab.deps,
  );
  assert.equal(server.id, "mlflow+https://real");
  const { body } = await server.send(MLFLOW_ROUTES.runs.get, { query: { run_id: "a b" } });
  assert.deepEqual(body, { run: {} });
  assert.equal(lab.seen.at(-1)?.path, "GET /team/api/2.0/mlflow/runs/get?run_id=a%20b");
});

const SIGN_INS: readonly (readonly [string, Partial<MlflowConfig>, Record<string, string>])[] = [
  ["basic", { auth: { kind: "basic", username: "ü", password: "p:w" } }, { authorization: "Basic w7w6cDp3" }],
  ["bearer", { auth: { kind: "token", token: "tok" } }, { authorization: "Bearer tok" }],
  ["extra headers", { headers: { "CF-Access-Client-Id": "id" } }, { "cf-access-client-id": "id" }],
  [
    "extra headers, which win",
    { auth: { kind: "token", token: "tok" }, headers: { Authorization: "Custom x" } },
    { authorization: "Custom x" },
  ],
];

for (const [name, config, headers] of SIGN_INS) {
  test(`sign-in goes with every request: ${name}`, async () => {
    await using lab = startLab(V2);
    await connectServer(lab.config(config), lab.deps);
    for (const one of lab.seen) {
      for (const [header, value] of Object.entries(headers)) assert.equal(one.headers.get(header), value);
    }
    assert.equal(lab.seen.length, 2);
  });
}

test("a token file is read anew when its token is refused", async () => {
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, "old\n");
  try {
    await using lab = startLab({
      ...V2,
      [SEARCH]: (seen) => {
        const token = seen.headers.get("authorization");
        if (token === "Bearer new") return Response.json({});
        Deno.writeTextFileSync(path, "new\n");
        return new Response("You are not authenticated.", { status: 401 });
      },
    });
    const server = await connectServer(lab.config({ auth: { kind: "token_file", path } }), lab.deps);
    assert.deepEqual(lab.seen.map(({ headers }) => headers.get("authorization")), [
      "Bearer old",
      "Bearer old",
      "Bearer new",
    ]);
    assert.equal(server.wire.calls(), 3);
  } finally {
    await Deno.remove(path);
  }
});

test("a refused sign-in says what to do, and is asked once where it cannot change", async () => {
  const cases: readonly (readonly [MlflowConfig["auth"], RegExp])[] = [
    [{ kind: "none" }, /wants a sign-in: give `auth`/],
    [{ kind: "basic", username: "u", password: "secret" }, /user name or password were refused/],
    [{ kind: "token", token: "secret" }, /MLFLOW_TRACKING_TOKEN/],
  ];
  for (const [auth, hint] of cases) {
    await using lab = startLab({ ...V2, [SEARCH]: () => new Response("no", { status: 401 }) });
    const failure = await failureOf(connectServer(lab.config({ auth }), lab.deps));
    assert.deepEqual([failure.facts.reach, failure.facts.status, lab.seen.length], ["auth", 401, 2]);
    assert.match(failure.facts.hint ?? "", hint);
    assert.doesNotMatch(`${failure.message}${failure.facts.hint}`, /secret/);
  }
});

test("a user without rights is a matter of sign-in", async () => {
  await using lab = startLab({ ...V2, [SEARCH]: () => new Response("Permission denied", { status: 403 }) });
  const failure = await failureOf(
    connectServer(lab.config({ auth: { kind: "token", token: "t" } }), lab.deps),
  );
  assert.deepEqual([failure.facts.reach, failure.facts.status], ["auth", 403]);
  assert.match(failure.facts.hint ?? "", /READ permission/);
});

test("a token file that is not there is a matter of sign-in", async () => {
  await using lab = startLab(V2);
  const auth = { kind: "token_file", path: "/no/such/token" } as const;
  const failure = await failureOf(connectServer(lab.config({ auth }), lab.deps));
  assert.deepEqual([failure.facts.reach, failure.facts.code, lab.seen.length], ["auth", "token_file", 0]);
});

test("nobody at the address is unreachable", async () => {
  await using lab = startLab(V2);
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const address = `http://127.0.0.1:${listener.addr.port}`;
  listener.close();
  const failure = await failureOf(connectServer(lab.config({ address }), lab.deps));
  assert.deepEqual([failure.facts.reach, failure.facts.code], ["unreachable", "econnrefused"]);
});

const STRANGERS: readonly (readonly [string, () => Response, RegExp])[] = [
  ["a web page", () => new Response("<html>hello"), /is no MLflow server.*answered 200/],
  ["nothing there", noRoute, /is no MLflow server.*answered 404/],
  ["other JSON", () => Response.json({ hello: 1 }), /is no MLflow server.*answered 200/],
  ["a list", () => Response.json([]), /is no MLflow server/],
  [
    "JSON without a code",
    () => Response.json({ detail: "Not Found" }, { status: 404 }),
    /is no MLflow server/,
  ],
  [
    "a page to sign in",
    () => new Response(null, { status: 302, headers: { location: "https://login.example/x?state=s3" } }),
    /sends requests on to https:\/\/login\.example\/x;/,
  ],
];

for (const [name, answer, says] of STRANGERS) {
  test(`an address that is no MLflow server is said at once: ${name}`, async () => {
    await using lab = startLab({ [SEARCH]: answer });
    const failure = await failureOf(connectServer(lab.config(), lab.deps));
    assert.deepEqual([failure.facts.reach, failure.facts.retryable], ["usage", false]);
    assert.match(failure.message, says);
    assert.ok(lab.seen.length <= 4);
  });
}

test("a server that is ill is unreachable", async () => {
  await using lab = startLab({ ...V2, [SEARCH]: () => refusal(500, "INTERNAL_ERROR") });
  const failure = await failureOf(connectServer(lab.config(), lab.deps));
  assert.deepEqual([failure.facts.reach, failure.facts.code], ["unreachable", "INTERNAL_ERROR"]);
});

const WITH_WORKSPACES: Answers = {
  [VERSION]: () => new Response("3.17.2"),
  [INFO]: () => Response.json({ workspaces_enabled: true }),
  [SEARCH]: ({ headers }) =>
    headers.get("x-mlflow-workspace") === "team"
      ? Response.json({})
      : refusal(404, "RESOURCE_DOES_NOT_EXIST", "Workspace not found"),
};

test("a workspace is a header on every request, where the server has workspaces", async () => {
  await using lab = startLab({ ...WITH_WORKSPACES, "GET /api/2.0/mlflow/runs/get": () => Response.json({}) });
  const server = await connectServer(lab.config({ workspace: { name: "team", at: "c.json:3" } }), lab.deps);
  assert.equal(server.abilities.workspaces, true);
  await server.send(MLFLOW_ROUTES.runs.get, { query: { run_id: "r" } });
  assert.equal(lab.seen.at(-1)?.headers.get("x-mlflow-workspace"), "team");
  const other = lab.config({ workspace: { name: "nobody", at: "c.json:3" } });
  const failure = await failureOf(connectServer(other, lab.deps));
  assert.equal(failure.facts.reach, "usage");
  assert.match(failure.message, /\(workspace nobody\) lists no experiments: .* Workspace not found/);
});

test("a workspace that a config names needs a server with workspaces; one of the environment is left aside", async () => {
  await using lab = startLab(V2);
  const named = lab.config({ workspace: { name: "team", at: "c.json:3" } });
  const failure = await failureOf(connectServer(named, lab.deps));
  assert.deepEqual([failure.facts.reach, failure.facts.code], ["usage", "no_workspaces"]);
  assert.match(failure.message, /^c\.json:3: "mlflow_workspace" is team/);
  await connectServer(lab.config({ workspace: { name: "team", at: null } }), lab.deps);
  assert.deepEqual(lab.told, [`MLFLOW_WORKSPACE is left aside: ${lab.base} has no workspaces`]);
  assert.equal(lab.seen.at(-1)?.headers.get("x-mlflow-workspace"), null);
});

test("the model registry may be another server, with the same sign-in", async () => {
  await using registry = startLab({
    "GET /api/2.0/mlflow/registered-models/get": () => Response.json({ of: "registry" }),
  });
  await using lab = startLab(V2);
  const config = lab.config({ registry: registry.base, auth: { kind: "token", token: "t" } });
  const server = await connectServer(config, lab.deps);
  const { body } = await server.send(MLFLOW_ROUTES.models.get, { query: { name: "m" } });
  assert.deepEqual(body, { of: "registry" });
  assert.equal(registry.seen[0]?.headers.get("authorization"), "Bearer t");
  assert.equal(registry.seen.length, 1);
});

test("the sign-in goes to no other host", async () => {
  await using lab = startLab(V2);
  const server = await connectServer(lab.config({ auth: { kind: "token", token: "t" } }), lab.deps);
  const url = "http://127.0.0.2:1/elsewhere";
  const failure = await failureOf(server.wire.send({ route: MLFLOW_ROUTES.artifacts.storeGet, url }));
  assert.equal(failure.facts.code, "untrusted_host");
});

test("a server that is only read sends nothing that changes anything", async () => {
  await using lab = startLab(V2);
  const server = await connectServer(lab.config(), { ...lab.deps, readOnly: true });
  const failure = await failureOf(server.send(MLFLOW_ROUTES.runs.create, { body: {} }));
  assert.equal(failure.facts.code, "write_in_dry_run");
  assert.equal(lab.seen.length, 2);
});
