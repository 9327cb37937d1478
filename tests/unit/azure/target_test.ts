import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Failure } from "../../../src/records/failure.ts";
import type { JsonObject } from "../../../src/records/json.ts";
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

const properties = (service: FakeService) =>
  service.runs.get("job-1-aaaa")?.properties as Record<string, string>; // a run of the fake holds a map of strings

/** Does what another process would: its word stands in the run. */
const claimedByAnother = (service: FakeService, number: number) => {
  const run: JsonObject = service.runs.get("job-1-aaaa") ?? { runId: "job-1-aaaa", tags: {} };
  const held = run.properties as Record<string, string> | undefined; // a map of strings
  service.runs.set("job-1-aaaa", { ...run, properties: { ...held, [`azml.writer.${number}`]: "another" } });
};

const isTwoWriters = (thrown: unknown) =>
  thrown instanceof Failure && thrown.facts.code === "two_writers" && thrown.facts.retryable;

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
        writers: 1,
      },
      { name: "foreign", target: "foreign", origin: null, digest: null, writers: 0 },
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
    const { "azml.writer.1": writer } = properties(service);
    assert.deepEqual(service.sent.slice(from).map(({ name, body }) => [name, body]), [
      ["history.run", null],
      ["history.patchRun", {
        runId: "job-1-aaaa",
        properties: { "azml.writer.2": writer },
        description: "other words",
        tags: { azml_digest: "", mine: "y" },
        parameters: { depth: "3" },
      }],
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

  it("claims the run that it makes, and leaves one alone that another process claimed at the same time", async () => {
    const { service, target } = fakeTarget();
    claimedByAnother(service, 1);
    await assert.rejects(target.open(unit(), null, null), isTwoWriters);
    assert.deepEqual(properties(service), { "azml.writer.1": "another" });
    assert.deepEqual(service.bodies("metric.batchSync"), []);
  });

  it("knows another process's word also where the service passes over a second one", async () => {
    const { service, target } = fakeTarget();
    service.twist = ({ name }) => {
      if (name !== "history.patchRunByName") return undefined;
      claimedByAnother(service, 1);
      return answer(200, service.runs.get("job-1-aaaa"));
    };
    await assert.rejects(target.open(unit(), null, null), isTwoWriters);
  });

  it("adopts a run with a claim of its own, unless it was claimed since it was found", async () => {
    const { service, target } = fakeTarget();
    claimedByAnother(service, 1);
    const found = (await target.find(["job-1-aaaa"])).get("job-1-aaaa") ?? null;
    claimedByAnother(service, 2);
    await assert.rejects(target.open(unit(), null, found), isTwoWriters);
    const again = (await target.find(["job-1-aaaa"])).get("job-1-aaaa") ?? null;
    await target.open(unit(), null, again);
    assert.deepEqual(Object.keys(properties(service)), ["azml.writer.1", "azml.writer.2", "azml.writer.3"]);
  });

  it("leaves no digest on a run that another process adopted meanwhile, whatever route its end takes", async () => {
    for (const backdate of ["fields", "events"] as const) {
      for (const status of ["Completed", "Running"]) {
        const { service, target } = fakeTarget();
        service.backdate = backdate;
        const first = await target.open(unit({ target_name: "earlier" }), null, null);
        await first.run.finish("d");
        const { run } = await target.open(unit({ status }), null, null);
        claimedByAnother(service, 2);
        await assert.rejects(run.finish("d"), isTwoWriters);
        assert.equal((await target.find(["job-1-aaaa"])).get("job-1-aaaa")?.digest, null);
      }
    }
  });

  it("tells rows that came into an adopted run while it was written", async () => {
    const { service, target } = fakeTarget();
    await (await target.open(unit(), null, null)).run.points("loss", [[0, 1000, 1]]);
    const found = (await target.find(["job-1-aaaa"])).get("job-1-aaaa") ?? null;
    const { run } = await target.open(unit(), null, found);
    await run.points("loss", [[0, 1000, 1], [1, 2000, 2]]);
    await run.pointsDone();
    const rows = service.metrics.get("job-1-aaaa/loss") ?? [];
    service.metrics.set("job-1-aaaa/loss", [...rows, { step: 1, data: { loss: 2 } }]);
    const loss = await run.finish("d");
    assert.deepEqual(loss.map(({ field }) => field), ["metrics.loss"]);
    assert.match(loss[0]?.reason ?? "", /1 rows that came while it was written/);
  });

  it("reads a small file of its own back from a run that was there, and asks nothing of one made just now", async () => {
    const { service, target } = fakeTarget();
    const { run } = await target.open(unit(), null, null);
    const from = service.sent.length;
    assert.equal(await run.readFile("azml/original.json"), null);
    assert.equal(service.sent.length, from);
    await run.file("azml/original.json", new TextEncoder().encode("{}"), "application/json");
    const found = (await target.find(["job-1-aaaa"])).get("job-1-aaaa") ?? null;
    const again = await target.open(unit(), null, found);
    const bytes = await again.run.readFile("azml/original.json");
    assert.equal(new TextDecoder().decode(bytes ?? undefined), "{}");
    assert.equal(await again.run.readFile("azml/other.json"), null);
  });

  it("writes nothing in a dry run", async () => {
    const { service, target } = fakeTarget({ dryRun: true });
    await target.find(["x"]);
    await assert.rejects(target.open(unit(), null, null), (thrown) => thrown instanceof Failure);
    assert.deepEqual([...service.runs.keys()], []);
    assert.deepEqual(service.names(), ["history.batchRunData", "history.experiment"]);
  });
});
