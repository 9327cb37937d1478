import type { JsonValue } from "../records/json.ts";
import type { Want } from "../stages/ports.ts";
import { objectAt, objectsAt, textAt } from "./json_fields.ts";
import { MLFLOW_ROUTES } from "./routes.ts";
import type { RunReads } from "./run_reads.ts";

/** MLflow's words for what shows of deleted experiments and runs. */
export type ViewType = "ACTIVE_ONLY" | "DELETED_ONLY" | "ALL";

/** A page of experiments; the server may give fewer. */
const PAGE = 1000;

/** Which runs a listing shows. */
export function runView(archived: Want["archived"]): ViewType {
  if (archived === "exclude") return "ACTIVE_ONLY";
  return archived === "only" ? "DELETED_ONLY" : "ALL";
}

/** The experiments of a server: their ids, which every search of runs must name, and their names. */
export class Experiments {
  readonly #reads: RunReads;
  readonly #names = new Map<string, string>();

  constructor(reads: RunReads) {
    this.#reads = reads;
  }

  /**
   * Ids of all experiments, by number. Deleted runs lie in active experiments, too, so only a listing of active runs
   * leaves deleted experiments out. Throws `Failure` when they cannot be listed.
   */
  async list(view: ViewType): Promise<readonly string[]> {
    const viewType = view === "ACTIVE_ONLY" ? view : "ALL";
    const ids = new Set<string>();
    let token: string | null = null;
    do {
      const body: Record<string, JsonValue> = { max_results: PAGE, view_type: viewType };
      if (token !== null) body["page_token"] = token;
      const answer = await this.#reads.ask(MLFLOW_ROUTES.experiments.search, { body });
      for (const experiment of objectsAt(answer, "experiments")) {
        const id = textAt(experiment, "experiment_id");
        if (id === null) continue;
        ids.add(id);
        this.#names.set(id, textAt(experiment, "name") ?? id);
      }
      const next: string | null = textAt(answer, "next_page_token");
      token = next === token ? null : next;
    } while (token !== null && !this.#reads.signal.aborted);
    return [...ids].sort(byNumber);
  }

  /** The name of an experiment; asked for when no listing told it. Null when it cannot be told. */
  async nameOf(id: string): Promise<string | null> {
    const known = this.#names.get(id);
    if (known !== undefined || id === "") return known ?? null;
    try {
      const answer = await this.#reads.ask(MLFLOW_ROUTES.experiments.get, { query: { experiment_id: id } });
      const name = textAt(objectAt(answer, "experiment"), "name");
      if (name !== null) this.#names.set(id, name);
      return name;
    } catch (error) {
      this.#reads.trouble(error);
      return null;
    }
  }
}

/** Ids are numbers as text; whatever else a server has for them comes behind, in order of its text. */
function byNumber(a: string, b: string): number {
  const [first, second] = [Number(a), Number(b)];
  if (!Number.isNaN(first) && !Number.isNaN(second)) return first - second || (a < b ? -1 : 1);
  return Number.isNaN(first) === Number.isNaN(second) ? (a < b ? -1 : 1) : Number.isNaN(first) ? 1 : -1;
}
