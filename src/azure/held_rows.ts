import { isJsonObject } from "../records/json.ts";
import { followTokens } from "../wire/paging.ts";
import { ROUTES } from "../wire/routes.ts";
import { objectAt, objectsAt, textAt } from "./json_fields.ts";
import { metricKeyOf } from "./metric_label.ts";
import { type OutRow, rowKey } from "./metric_row.ts";
import { metricNumber } from "./metric_value.ts";
import { serviceMilliseconds } from "./service_time.ts";
import type { TargetScope } from "./target_scope.ts";

/** What is there of a metric (its label), page by page, in the service's order (Azure ML metric v2.0, `full`). */
export async function* heldRows(
  scope: Pick<TargetScope, "workspace" | "wire">,
  runId: string,
  metric: string,
): AsyncGenerator<readonly OutRow[]> {
  const { api, armPath } = scope.workspace;
  const { name, namespace } = metricKeyOf(metric);
  const asked = { metricName: name, ...(namespace === null ? {} : { metricNamespace: namespace }) };
  const pages = followTokens(scope.wire, (token) => ({
    route: ROUTES.metric.full,
    base: api,
    vars: { ws: armPath, runId },
    body: { ...asked, ...(token === null ? {} : { continuationToken: token }) },
    accept: [404],
  }));
  for await (const page of pages) {
    if (!isJsonObject(page)) continue;
    yield objectsAt(page, "value").map((value) => {
      return {
        step: Number(metricNumber(value["step"]) ?? 0),
        time: serviceMilliseconds(textAt(value, "createdUtc")),
        data: objectAt(value, "data") ?? {},
      };
    });
  }
}

/**
 * Tells which rows of a metric a run has not got yet. Rows are compared in order as long as they agree, so that a
 * long history that is there needs no memory; from the first difference on they are counted off one against another.
 */
export class HeldRows {
  readonly #pages: AsyncGenerator<readonly OutRow[]>;
  readonly #withTime: boolean;
  #page: readonly OutRow[] = [];
  #next = 0;
  /** What is left over there, by key; null as long as the order agrees. */
  #rest: Map<string, number> | null = null;
  /** Rows that are there stand behind some that are not there yet: those can only be added at the end. */
  reordered = false;
  /** Rows seen there so far; all of them once one was missing. */
  total = 0;

  constructor(pages: AsyncGenerator<readonly OutRow[]>, withTime: boolean) {
    this.#pages = pages;
    this.#withTime = withTime;
  }

  #lacks = false;

  /** The rows that are not there, in order. Throws `Failure` when what is there cannot be read. */
  async missing(rows: readonly OutRow[]): Promise<readonly OutRow[]> {
    const missing: OutRow[] = [];
    for (const row of rows) {
      const key = rowKey(row, this.#withTime);
      if (this.#rest === null) {
        const held = await this.#read();
        if (held !== null && rowKey(held, this.#withTime) === key) continue;
        await this.#readAll(held);
      }
      if (this.#countOff(key)) this.reordered ||= this.#lacks;
      else {
        this.#lacks = true;
        missing.push(row);
      }
    }
    return missing;
  }

  /** How many rows are there that were never asked about. Reads what is left. Throws `Failure`. */
  async extra(): Promise<number> {
    if (this.#rest === null) await this.#readAll(await this.#read());
    return [...this.#rest?.values() ?? []].reduce((sum, count) => sum + count, 0);
  }

  #countOff(key: string): boolean {
    const left = this.#rest?.get(key) ?? 0;
    if (left === 0) return false;
    this.#rest?.set(key, left - 1);
    return true;
  }

  async #read(): Promise<OutRow | null> {
    while (this.#next >= this.#page.length) {
      const page = await this.#pages.next();
      if (page.done) return null;
      this.#page = page.value;
      this.#next = 0;
    }
    this.total += 1;
    return this.#page[this.#next++] ?? null;
  }

  async #readAll(first: OutRow | null): Promise<void> {
    const rest = new Map<string, number>();
    for (let row = first; row !== null; row = await this.#read()) {
      const key = rowKey(row, this.#withTime);
      rest.set(key, (rest.get(key) ?? 0) + 1);
    }
    this.#rest = rest;
  }
}
