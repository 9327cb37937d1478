import type { JsonObject } from "../records/json.ts";
import { assetPages } from "./asset_pages.ts";
import { experimentPages } from "./experiment_pages.ts";
import { textAt } from "./json_fields.ts";
import { modelPages } from "./registry_models.ts";
import { isPrompt, PROMPT_TAG } from "./registry_record.ts";
import { MLFLOW_ROUTES } from "./routes.ts";
import { isRefusal, type RunReads } from "./run_reads.ts";

/** Traces a page, the most that servers give. */
const TRACES = 500;

/** Requests spent on counting traces. */
const MOST_REQUESTS = 20;

/** Experiments named in one request. */
const EXPERIMENTS = 100;

/**
 * Counts what a server holds and azml does not carry: prompts, evaluation datasets, and traces, these up to what a few
 * requests bring (the log says so when there are more). What the server has not got counts as none. Throws `Failure`.
 */
export async function countLeftOut(reads: RunReads): Promise<Readonly<Record<string, number>>> {
  const experiments: string[] = [];
  for await (const page of experimentPages(reads, "ALL")) experiments.push(...page.map(({ id }) => id));
  const counts: Record<string, number> = {
    prompt: await countPrompts(reads),
    trace: await countTraces(reads, experiments),
    evaluation_dataset: reads.server.abilities.loggedModels ? await countDatasets(reads) : 0,
  };
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

async function countPrompts(reads: RunReads): Promise<number> {
  let count = 0;
  try {
    // Newer servers list prompts only when they are asked for.
    for await (const page of modelPages(reads, `tags.\`${PROMPT_TAG}\` = 'true'`)) {
      count += page.filter(isPrompt).length;
    }
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
  return count;
}

async function countDatasets(reads: RunReads): Promise<number> {
  let count = 0;
  try {
    const list = { route: MLFLOW_ROUTES.left.datasets, params: { max_results: 1000 }, key: "datasets" };
    for await (const page of assetPages(reads, list)) count += page.length;
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
  return count;
}

async function countTraces(reads: RunReads, experiments: readonly string[]): Promise<number> {
  let count = 0;
  let requests = 0;
  try {
    for await (const page of tracePages(reads, experiments)) {
      count += page;
      if (++requests < MOST_REQUESTS || page === 0) continue;
      reads.log.info(`there are at least ${count} traces; azml does not count further`);
      break;
    }
  } catch (error) {
    // A server before MLflow 2.14 has no traces, and a file store refuses to search them.
    if (!isRefusal(error)) throw error;
  }
  return count;
}

/** How many traces each page holds. */
async function* tracePages(
  reads: RunReads,
  experiments: readonly string[],
): AsyncGenerator<number, void, undefined> {
  const isNew = reads.server.abilities.loggedModels;
  const lot = isNew ? EXPERIMENTS : 1;
  for (let start = 0; start < experiments.length; start += lot) {
    const ids = experiments.slice(start, start + lot);
    let token: string | null = null;
    do {
      const paging = token === null ? {} : { page_token: token };
      const answer: JsonObject = isNew
        ? await reads.ask(MLFLOW_ROUTES.left.traces, {
          body: { locations: ids.map(location), max_results: TRACES, ...paging },
        })
        : await reads.ask(MLFLOW_ROUTES.left.traces2, {
          query: { experiment_ids: ids[0] ?? "", max_results: TRACES, ...paging },
        });
      const { traces } = answer;
      yield Array.isArray(traces) ? traces.length : 0;
      token = textAt(answer, "next_page_token");
    } while (token !== null);
  }
}

function location(id: string): JsonObject {
  return { type: "MLFLOW_EXPERIMENT", mlflow_experiment: { experiment_id: id } };
}
