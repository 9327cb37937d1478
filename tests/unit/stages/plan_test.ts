import { planSettings } from "../../../src/stages/plan_settings.ts";
import { runsUnit } from "../../../src/stages/runs_unit.ts";
import assert from "node:assert/strict";
import { Failure } from "../../../src/records/failure.ts";
import type { AnyRecord } from "../../../src/records/item.ts";
import { targetName } from "../../../src/records/target_name.ts";
import { plan } from "../../../src/stages/plan.ts";
import type { PlanOptions } from "../../../src/stages/plan_options.ts";
import { child, END, job, points, ran, SOURCE, stream, surroundings } from "./samples.ts";

const nameOf = (id: string) => targetName("runs", SOURCE, id);

async function planned(records: readonly AnyRecord[], options: PlanOptions = {}) {
  const ctx = surroundings();
  const result = await ran(plan(stream(records), options, ctx));
  assert.equal(ctx.open.spools, 0, "every spool was closed");
  return { ...result, said: ctx.said };
}

/** `id -> parent_target` of the units. */
function links(records: readonly AnyRecord[]): Record<string, unknown> {
  const units = records.filter(({ kind }) => kind === "unit");
  return Object.fromEntries(units.map((unit) => [unit["target_name"], unit["parent_target"]]));
}

Deno.test("three levels become three units with true parent links, in order", async () => {
  const { records, end } = await planned([
    job("p", { type: "pipeline" }),
    child("s", "p"),
    child("t", "s", 2),
  ]);
  assert.deepEqual(records.map(({ kind }) => kind), ["unit", "unit", "unit", "end"]);
  assert.deepEqual(links(records), {
    [nameOf("p")]: null,
    [nameOf("s")]: nameOf("p"),
    [nameOf("t")]: nameOf("s"),
  });
  assert.deepEqual(end.counts?.["in"], { job: 3 });
  assert.deepEqual(end.counts?.["out"], { unit: 3 });
});

Deno.test("a unit says where it comes from, and lineage wins over source tags", async () => {
  const tags = { original_job_id: "older", azml_digest: "x", note: "kept" };
  const { of } = await planned([job("p"), child("s", "p", 1, { type: "pipeline", tags })]);
  const unit = of("unit")[1] ?? assert.fail();
  assert.deepEqual(unit["tags"], {
    original_job_id: "s",
    azml_source: SOURCE,
    original_parent_job_id: "p",
    original_parent_pipeline_id: "p",
    original_pipeline_depth: "1",
    original_status: "Completed",
    original_started_at: "2024-01-01T00:01:00Z",
    original_ended_at: "2024-01-01T00:02:00Z",
    original_created_at: "2024-01-01T00:00:00.1234567Z",
    original_created_by: "Ada",
    original_experiment: "churn",
    note: "kept",
  });
  const moved = (unit["loss"] as { field: string; original?: unknown }[]).map((
    { field, original },
  ) => [field, original]);
  assert.deepEqual(moved.slice(0, 2), [["tags.original_job_id", "older"], ["tags.azml_digest", "x"]]);
});

Deno.test("a child that comes before its parent waits for it", async () => {
  const { records } = await planned([child("t", "s", 2), child("s", "p"), job("p")]);
  assert.deepEqual(
    records.filter(({ kind }) => kind === "unit").map(({ id }) => id),
    ["p", "s", "t"].map(nameOf),
  );
  assert.equal(links(records)[nameOf("t")], nameOf("s"));
});

Deno.test("a child whose parent never comes becomes a root that keeps its parent's id, without failure", async () => {
  const { records, of, said, end } = await planned([child("s", "gone"), child("t", "s", 2)]);
  assert.deepEqual(links(records), { [nameOf("s")]: null, [nameOf("t")]: nameOf("s") });
  const tags = of("unit")[0]?.["tags"];
  assert.equal((tags as Record<string, string>)["original_parent_job_id"], "gone");
  assert.equal(said.filter((line) => /warn 1 jobs name a parent .*\(s\)/.test(line)).length, 1);
  assert.equal(of("error").length, 0);
  assert.equal(end.counts?.["incomplete"], 0);
});

Deno.test("a cycle of parents is told, opened at the job that came first, and loses nothing", async () => {
  const { records, of, end } = await planned([
    child("a", "c"),
    child("b", "a"),
    child("c", "b"),
    child("x", "x"),
  ]);
  assert.deepEqual(links(records), {
    [nameOf("a")]: null,
    [nameOf("x")]: null,
    [nameOf("b")]: nameOf("a"),
    [nameOf("c")]: nameOf("b"),
  });
  assert.deepEqual(of("error").map(({ code, id }) => [code, id]), [["parent_cycle", "a"], [
    "parent_cycle",
    "x",
  ]]);
  assert.equal(end.counts?.["incomplete"], 2);
});

Deno.test("what comes twice lands once; a second one with other content is told", async () => {
  const again = job("a", { tags: { team: "x" } });
  const later = job("a", { status: "Failed" });
  const { of, end } = await planned([job("a"), again, later, child("h", "gone"), child("h", "gone")]);
  assert.deepEqual(of("unit").map(({ id }) => id), [nameOf("a"), nameOf("h")]);
  assert.deepEqual(of("error").map(({ code }) => code), ["duplicate_differs"]);
  assert.equal(end.counts?.["dropped"], 2);
  assert.equal(end.counts?.["failed"], 1);
});

Deno.test("a record of a newer version is refused and everything else arrives", async () => {
  const { of, end } = await planned([{ ...job("new"), v: 2 }, job("a")]);
  assert.deepEqual(of("unit").map(({ id }) => id), [nameOf("a")]);
  assert.equal(of("error").length, 1);
  assert.equal(end.counts?.["failed"], 1);
});

Deno.test("a job with nothing but an id is planned with what it has", async () => {
  const { of } = await planned([{ kind: "job", v: 1, id: "bare" }]);
  const unit = of("unit")[0] ?? assert.fail();
  assert.equal(unit["metrics"], null);
  assert.deepEqual(unit["times"], {});
  assert.deepEqual(unit["tags"], { original_job_id: "bare", azml_source: "unknown" });
  assert.deepEqual(unit["loss"], []);
});

Deno.test("more than 200 params and 50 tags: the rest moves into loss with its value", async () => {
  const many = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`k${i}`, `v${i}`]));
  const { of } = await planned([job("a", { params: many(230), tags: many(60) })]);
  const unit = of("unit")[0] ?? assert.fail();
  const size = (field: string) => Object.keys(unit[field] as object).length;
  const loss = unit["loss"] as { field: string; change: string; original: string }[];
  const moved = (field: string) =>
    loss.filter((one) => one.field.startsWith(`${field}.`) && one.change === "moved");
  assert.equal(size("params"), 200);
  assert.equal(size("tags"), 49, "one is left for the digest");
  assert.equal(moved("params").length, 30);
  assert.equal(size("tags") - 8 + moved("tags").length, 60);
  assert.equal(moved("params")[0]?.original, "v200");
});

Deno.test("values too long are cut between code points, and the whole value stays in loss", async () => {
  const long = `${"a".repeat(999)}🎈tail`;
  const { of } = await planned([
    job("a", { tags: { long }, display_name: "n".repeat(300), description: "d".repeat(6000) }),
  ]);
  const unit = of("unit")[0] ?? assert.fail();
  const cut = (unit["tags"] as Record<string, string>)["long"];
  assert.equal(cut, "a".repeat(999));
  assert.equal(String(unit["display_name"]).length, 256);
  assert.equal(String(unit["description"]).length, 5000);
  const loss = unit["loss"] as { field: string; change: string; original?: string }[];
  const truncated = loss.filter(({ change }) => change === "truncated");
  assert.deepEqual(truncated.map(({ field }) => field), ["display_name", "description", "tags.long"]);
  assert.equal(truncated[2]?.original, long);
});

Deno.test("names too long or of other characters stay apart under a hashed name", async () => {
  const [one, two] = ["x".repeat(300) + "1", "x".repeat(300) + "2"];
  const metrics = { [one]: [[0, 1, 1]], [two]: [[0, 1, 2]], "a%b": [[0, 1, 3]] };
  for (const [world, max] of [["azureml", 255], ["mlflow", 250]] as const) {
    const { of } = await planned([{ ...job("a"), metrics }], { for: world });
    const unit = of("unit")[0] ?? assert.fail();
    const names = Object.keys(unit["metrics"] as object);
    assert.equal(new Set(names).size, 3);
    assert.ok(names.every((name) => name.length <= max));
    assert.equal(names.includes("a%b"), world === "azureml");
  }
});

Deno.test("fields without a place, unknown ones too, go to rest", async () => {
  const { of } = await planned([
    {
      ...job("a", {
        properties: { p: "1" },
        definition: { jobType: "Command" },
        inputs: {},
        run: { error: "oh" },
      }),
      colour: "blue",
    },
  ]);
  const unit = of("unit")[0] ?? assert.fail();
  assert.deepEqual(unit["rest"], {
    properties: { p: "1" },
    definition: { jobType: "Command" },
    run: { error: "oh" },
    colour: "blue",
  });
});

Deno.test("experiments are renamed and prefixed, and the tag keeps the old name", async () => {
  const { of } = await planned([job("a"), job("b", { experiment: "other" })], {
    renames: [{ from: "churn", to: "leavers" }],
    experimentPrefix: "old-",
  });
  assert.deepEqual(of("unit").map(({ experiment }) => experiment), ["old-leavers", "old-other"]);
  assert.equal((of("unit")[0]?.["tags"] as Record<string, string>)["original_experiment"], "churn");
});

Deno.test("points follow their unit under its id, spliced where the line begins as azml writes it", async () => {
  const more = job("a", { more_points: { loss: 30 } });
  const { items, of, end } = await planned([more, points("a", "loss", 0, 20), points("a", "loss", 20, 10)]);
  assert.deepEqual(of("points").map((record) => record["job"]), [nameOf("a"), nameOf("a")]);
  for (const { record, raw } of items.filter((item) => item.record.kind === "points")) {
    assert.deepEqual(JSON.parse(raw ?? "null"), record);
  }
  assert.equal(end.counts?.["incomplete"], 0);
  assert.deepEqual(end.counts?.["out"], { unit: 1, points: 2 });
});

Deno.test("points of a waiting job wait with it; points without their job are dropped", async () => {
  const late = child("s", "p", 1, { more_points: { loss: 5 } });
  const { records, end } = await planned([
    late,
    points("s", "loss", 0, 5),
    job("p"),
    points("q", "loss", 0, 5),
  ]);
  assert.deepEqual(records.map(({ kind, id }) => [kind, id]).slice(0, 3), [
    ["unit", nameOf("p")],
    ["unit", nameOf("s")],
    ["points", undefined],
  ]);
  assert.equal(end.counts?.["dropped"], 1);
});

Deno.test("announced points that do not come make the job incomplete", async () => {
  const { of, end } = await planned([
    job("a", { more_points: { loss: 30 } }),
    points("a", "loss", 0, 20),
    job("b"),
  ]);
  assert.deepEqual(of("error").map(({ code, id }) => [code, id]), [["points_missing", "a"]]);
  assert.equal(end.counts?.["incomplete"], 1);
  assert.equal(of("unit").length, 2);
});

Deno.test("units and unknown kinds pass through plan untouched, so plan | plan is harmless", async () => {
  const first = await planned([job("a", { more_points: { loss: 5 } }), points("a", "loss", 0, 5)]);
  const lines = [...first.records.filter(({ kind }) => kind !== "end"), { kind: "bird", song: 1 }];
  const second = await planned(lines);
  assert.deepEqual(second.records.slice(0, -1), lines);
  assert.ok(second.items.slice(0, -1).every(({ raw }) => raw !== undefined));
});

Deno.test("asking for jobs is a usage failure before the first record", async () => {
  const { thrown, records } = await planned([job("a")], { as: "jobs" });
  assert.ok(thrown instanceof Failure);
  assert.equal(thrown.facts.reach, "usage");
  assert.deepEqual(records, []);
});

Deno.test("an input that breaks ends the stream as incomplete and is thrown on", async () => {
  const broken = new Failure("reading failed", { code: "gone", reach: "unreachable", retryable: true });
  async function* input() {
    yield [{ record: { ...job("a") } }, { record: { ...child("s", "late") } }];
    throw broken;
  }
  const result = await ran(plan(input(), {}, surroundings()));
  assert.equal(result.thrown, broken);
  assert.equal(result.end.complete, false);
  assert.equal(result.of("unit").length, 1);
  assert.equal(result.end.counts?.["dropped"], 1);
  assert.notEqual(result.end, END);
});

Deno.test("files that azml wrote in an earlier move go one folder deeper, and are told as renamed", () => {
  const store = { kind: "azure-blob", container: "azureml", prefix: "ExperimentRun/dcid.a/" };
  const files = ["outputs/model.pkl", "azml/original.json", "azml/before/original.json"].map((path) => ({
    path,
    size: 1,
  }));
  const unit = runsUnit(job("a", { artifacts: { store, files } }), planSettings({}), null);
  assert.deepEqual(unit.artifacts?.files.map(({ path, at }) => [path, at?.path]), [
    ["outputs/model.pkl", undefined],
    ["azml/before/original.json", "ExperimentRun/dcid.a/azml/original.json"],
    ["azml/before/before/original.json", "ExperimentRun/dcid.a/azml/before/original.json"],
  ]);
  const renamed = (unit.loss ?? []).filter(({ change }) => change === "renamed").map(({ original }) =>
    original
  );
  assert.deepEqual(renamed, ["azml/original.json", "azml/before/original.json"]);
});
