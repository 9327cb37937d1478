import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Failure } from "../../../src/records/failure.ts";
import { answer, type FakeService, fakeTarget, refusal, unit } from "./fake_service.ts";

const fields = (service: FakeService, name = "job-1-aaaa") => {
  const run = service.runs.get(name) ?? {};
  const {
    parentRunId,
    displayName,
    description,
    status,
    startTimeUtc,
    endTimeUtc,
    hidden,
    tags,
    parameters,
  } = run;
  return {
    parentRunId,
    displayName,
    description,
    status,
    startTimeUtc,
    endTimeUtc,
    hidden,
    tags,
    parameters,
  };
};

describe("an Azure ML workspace as target", () => {
  it("creates a run with its own id, parent, times, tags and params, and ends it with the digest last", async () => {
    const { service, target } = fakeTarget();
    const { run, loss } = await target.open(unit(), "parent-bbbb", null);
    assert.equal(run.target, "job-1-aaaa");
    assert.deepEqual(loss, []);
    assert.equal(service.runs.get("job-1-aaaa")?.status, "Running");
    assert.deepEqual(await run.finish("d1"), []);
    assert.deepEqual(fields(service), {
      parentRunId: "parent-bbbb",
      displayName: "first",
      description: "a run",
      status: "Completed",
      startTimeUtc: "2024-01-01T00:00:01.1234567Z",
      endTimeUtc: "2024-01-01T01:00:00Z",
      hidden: false,
      tags: { azml_source: "azureml://a", original_job_id: "job-1", mine: "x", azml_digest: "d1" },
      parameters: { lr: "0.1" },
    });
    assert.deepEqual(service.sent.at(-1)?.body, { tags: { azml_digest: "d1" } });
  });

  it("reads the first run back to learn how times get in, and no other", async () => {
    const cases = [
      { backdate: "fields", first: 3, later: 0, events: 0, lost: false },
      { backdate: "events", first: 5, later: 0, events: 2, lost: false },
      { backdate: "none", first: 5, later: 0, events: 0, lost: true },
    ] as const;
    for (const { backdate, first, later, events, lost } of cases) {
      const { service, target } = fakeTarget();
      service.backdate = backdate;
      const write = async (name: string) => {
        const from = service.sent.length;
        const { run, loss } = await target.open(unit({ target_name: name }), null, null);
        const all = [...loss, ...await run.finish("d")];
        const names = service.names().slice(from);
        const count = (route: string) => names.filter((sent) => sent === route).length;
        return { all, reads: count("history.run"), events: count("history.runEvent") };
      };
      const one = await write("one");
      const two = await write("two");
      assert.equal(one.reads, first, backdate);
      assert.deepEqual([two.reads, two.events], [later, events], backdate);
      for (const { all } of [one, two]) {
        assert.deepEqual(
          all.map(({ field }) => field),
          lost ? ["times.started", "times.ended"] : [],
          backdate,
        );
      }
      const run = service.runs.get("two");
      assert.equal(run?.endTimeUtc === "2024-01-01T01:00:00Z", !lost, backdate);
    }
  });

  it("takes the times as lost when the service refuses the events", async () => {
    const { service, target } = fakeTarget();
    service.backdate = "none";
    service.twist = ({ name }) => name === "history.runEvent" ? answer(400, refusal("no")) : undefined;
    const { run, loss } = await target.open(unit(), null, null);
    assert.deepEqual(loss.map(({ field, change }) => [field, change]), [["times.started", "moved"]]);
    assert.deepEqual((await run.finish("d")).map(({ field }) => field), ["times.ended"]);
  });

  it("leaves a run that was not over without an end, and archives one that was hidden", async () => {
    const { service, target } = fakeTarget();
    const running = unit({
      status: "Running",
      archived: true,
      times: { started: "2024-01-01T00:00:01Z", ended: null },
    });
    const { run } = await target.open(running, null, null);
    assert.deepEqual(await run.finish("d"), []);
    assert.deepEqual([fields(service).status, fields(service).endTimeUtc, fields(service).hidden], [
      "Running",
      null,
      true,
    ]);
  });

  it("says MLflow's status words in Azure ML's", async () => {
    for (
      const [word, expected] of [["FINISHED", "Completed"], ["KILLED", "Canceled"], ["RUNNING", "Running"]]
    ) {
      const { service, target } = fakeTarget();
      const { run } = await target.open(unit({ status: word ?? null }), null, null);
      const loss = await run.finish("d");
      assert.equal(fields(service).status, expected);
      assert.deepEqual(loss.map(({ field, change, original }) => [field, change, original]), [[
        "status",
        "rewritten",
        word,
      ]]);
    }
  });

  it("tells a parent, a name and a status that the service did not keep", async () => {
    const { service, target } = fakeTarget();
    service.twist = ({ name, body }, usual) => {
      if (!name.startsWith("history.patchRun") || body === null || typeof body !== "object") return undefined;
      const made = usual();
      const run = service.runs.get("job-1-aaaa");
      if (run !== undefined) {
        Object.assign(run, { parentRunId: null, displayName: "else", status: "Running" });
      }
      return made;
    };
    const { run, loss } = await target.open(unit(), "p", null);
    assert.deepEqual(loss.map(({ field }) => field), ["parent", "display_name"]);
    assert.deepEqual((await run.finish("d")).map(({ field }) => field), ["status"]);
  });

  it("finds runs in bulk with their origin and digest, and never writes", async () => {
    const { service, target } = fakeTarget();
    const { run } = await target.open(unit(), null, null);
    assert.equal((await target.find(["job-1-aaaa"])).get("job-1-aaaa")?.digest, null);
    await run.finish("d1");
    service.runs.set("foreign", { runId: "foreign", tags: {} });
    const from = service.sent.length;
    const names = ["job-1-aaaa", "foreign", ...Array.from({ length: 150 }, (_, index) => `gone-${index}`)];
    const found = await target.find(names);
    assert.deepEqual(service.names().slice(from), ["history.batchRunData", "history.batchRunData"]);
    assert.deepEqual([...found.values()], [
      {
        name: "job-1-aaaa",
        target: "job-1-aaaa",
        origin: { source: "azureml://a", id: "job-1" },
        digest: "d1",
      },
      { name: "foreign", target: "foreign", origin: null, digest: null },
    ]);
    service.twist = ({ name }) => name === "history.batchRunData" ? answer(404) : undefined;
    assert.deepEqual([...(await target.find(["foreign", "gone"])).keys()], ["foreign"]);
  });

  it("does not take a look-up that failed for a run that is not there", async () => {
    const { service, target } = fakeTarget();
    service.twist = ({ name }) =>
      name === "history.batchRunData"
        ? answer(200, {
          successfulResults: {},
          failedResults: { x: { ...refusal("busy", "ServiceError"), statusCode: 500 } },
        })
        : undefined;
    await assert.rejects(target.find(["x"]), (thrown) => thrown instanceof Failure && thrown.facts.retryable);
  });

  it("brings a run that is there to its unit with no more writes than it takes", async () => {
    const { service, target } = fakeTarget();
    const first = await target.open(unit(), null, null);
    await first.run.finish("d1");
    const found = (await target.find(["job-1-aaaa"])).get("job-1-aaaa") ?? null;
    const changed = unit({
      description: "other words",
      tags: { ...unit().tags, mine: "y" },
      params: { lr: "0.2", depth: "3" },
    });
    const from = service.sent.length;
    const { run, loss } = await target.open(changed, null, found);
    assert.deepEqual(service.sent.slice(from).map(({ name, body }) => [name, body]), [
      ["history.run", null],
      ["history.modifyRun", { description: "other words", tags: { azml_digest: "", mine: "y" } }],
      ["history.patchRun", { runId: "job-1-aaaa", parameters: { depth: "3" } }],
    ]);
    assert.deepEqual(loss.map(({ field, change, original }) => [field, change, original]), [[
      "params.lr",
      "moved",
      "0.2",
    ]]);
    assert.equal((await target.find(["job-1-aaaa"])).get("job-1-aaaa")?.digest, null);
    await run.finish("d2");
    assert.equal((await target.find(["job-1-aaaa"])).get("job-1-aaaa")?.digest, "d2");
    assert.deepEqual(fields(service).parameters, { lr: "0.1", depth: "3" });
  });

  it("makes a run anew that is gone when it is opened, and an experiment once", async () => {
    const { service, target } = fakeTarget();
    const found = { name: "job-1-aaaa", target: "job-1-aaaa", origin: null, digest: null };
    await target.open(unit(), null, found);
    await target.open(unit({ target_name: "two" }), null, null);
    assert.deepEqual([...service.runs.keys()], ["job-1-aaaa", "two"]);
    assert.equal(service.bodies("history.createExperiment").length, 1);
  });

  it("writes nothing in a dry run", async () => {
    const { service, target } = fakeTarget({ dryRun: true });
    await target.find(["x"]);
    await assert.rejects(target.open(unit(), null, null), (thrown) => thrown instanceof Failure);
    assert.deepEqual([...service.runs.keys()], []);
    assert.deepEqual(service.names(), ["history.batchRunData", "history.experiment"]);
  });
});
