import { heldMetrics } from "./held_metrics.ts";
import { HeldRows, heldRows } from "./held_rows.ts";
import { MetricBatches, type RowList } from "./metric_batches.ts";
import type { OutMetric } from "./metric_row.ts";
import { type RefusedRows, sendBatch } from "./metric_send.ts";
import { waitForMetrics } from "./metric_wait.ts";
import type { Loss } from "../records/loss.ts";
import type { OpenRun } from "./run_create.ts";
import type { TargetScope } from "./target_scope.ts";
import type { RunPlace } from "./time_route.ts";

/** The metrics of one run: what is there is left alone, the rest goes in full requests, in order. */
export class MetricWriter {
  readonly #scope: TargetScope;
  readonly #place: RunPlace;
  readonly #wasThere: boolean;
  readonly #batches = new MetricBatches();
  readonly #held = new Map<string, HeldRows>();
  /** Rows sent by name of metric. */
  readonly #sent = new Map<string, number>();
  #refused: RefusedRows[] = [];
  #unseen = false;

  constructor(scope: TargetScope, open: OpenRun) {
    this.#scope = scope;
    this.#place = { experiment: open.experiment, runId: open.run.id };
    this.#wasThere = open.wasThere;
  }

  /** Adds rows; sends when a full request has come together. Throws `Failure`. */
  async add(metric: OutMetric, rows: RowList): Promise<void> {
    this.#batches.add(metric, await this.#missing(metric, rows));
    while (this.#batches.full) await this.#send();
  }

  /** Sends what waits; answers what the service refused since the last time. Throws `Failure`. */
  async flush(): Promise<readonly RefusedRows[]> {
    while (!this.#batches.empty) await this.#send();
    const refused = this.#refused;
    this.#refused = [];
    return refused;
  }

  /** Waits until everything that was sent can be read; asks nothing when nothing was sent. Throws `Failure`. */
  async settled(): Promise<void> {
    if (!this.#unseen) return;
    await waitForMetrics(this.#scope, this.#place);
    this.#unseen = false;
  }

  /**
   * What the run holds beyond what was added, of the metrics that were: rows from before, and rows that came meanwhile,
   * which another writer sent. The service deletes no row. Asks nothing of a run that was made here. Throws `Failure`.
   */
  async extras(): Promise<readonly Loss[]> {
    const loss: Loss[] = [];
    for (const [metric, held] of this.#held) {
      const extra = await held.extra();
      const more = await this.#countNow(metric) - held.total - (this.#sent.get(metric) ?? 0);
      const say = (rows: string) => {
        const reason = `the run holds ${rows} that are not of this unit; the service deletes none`;
        loss.push({ field: `metrics.${metric}`, change: "rewritten", reason });
      };
      if (extra > 0) say(`${extra} rows from before`);
      if (more > 0) say(`${more} rows that came while it was written`);
      if (held.reordered) {
        const reason =
          "the run held some rows before; those that it lacked stand behind them, in another order";
        loss.push({ field: `metrics.${metric}`, change: "rewritten", reason });
      }
    }
    return [...loss, ...await this.#others()];
  }

  /** Metrics of a run from before that nothing was added to: an edit emptied them, or they were never the unit's. */
  async #others(): Promise<readonly Loss[]> {
    if (!this.#wasThere) return [];
    const reason = "the run holds this metric, the unit does not; the service deletes none";
    return [...await heldMetrics(this.#scope, this.#place.runId)]
      .filter((metric) => !this.#held.has(metric))
      .map((metric) => ({ field: `metrics.${metric}`, change: "rewritten", reason }));
  }

  async #countNow(metric: string): Promise<number> {
    let count = 0;
    for await (const page of heldRows(this.#scope, this.#place.runId, metric)) count += page.length;
    return count;
  }

  async #missing(metric: OutMetric, added: RowList): Promise<RowList> {
    if (!this.#wasThere || added.length === 0) return added;
    const rows = Array.from({ length: added.length }, (_, index) => added.at(index)).filter((row) =>
      row !== undefined
    );
    let held = this.#held.get(metric.name);
    if (held === undefined) {
      const withTime = rows.every((row) => row.time !== null);
      held = new HeldRows(heldRows(this.#scope, this.#place.runId, metric.name), withTime);
      this.#held.set(metric.name, held);
    }
    return await held.missing(rows);
  }

  async #send(): Promise<void> {
    const batch = this.#batches.take();
    const before = (metric: string) => (this.#held.get(metric)?.total ?? 0) + (this.#sent.get(metric) ?? 0);
    this.#unseen = true;
    const refused = await sendBatch(this.#scope, this.#place, batch, before);
    this.#refused.push(...refused);
    for (const part of batch) {
      if (refused.some(({ metric }) => metric === part.metric)) continue;
      const { name } = part.metric;
      this.#sent.set(name, (this.#sent.get(name) ?? 0) + part.rows.length);
    }
  }
}
