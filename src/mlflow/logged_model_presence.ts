import type { AssetWant } from "../stages/ports.ts";
import { inTurns } from "./in_turns.ts";
import { objectAt } from "./json_fields.ts";
import { MLFLOW_ROUTES } from "./routes.ts";
import { isAbsent, isRefusal, type RunReads } from "./run_reads.ts";

/** Which logged models that versions rest on are still there. */
export class LoggedModelPresence {
  readonly #reads: RunReads;
  readonly #known = new Map<string, boolean>();

  constructor(reads: RunReads) {
    this.#reads = reads;
  }

  /** Asks for those that are not known yet, one by one: no bulk look-up names them. Throws `Failure`. */
  async learn(ids: Iterable<string | null | undefined>): Promise<void> {
    if (!this.#reads.server.abilities.loggedModels) return;
    const fresh = [...new Set(ids)].filter((id): id is string => !!id && !this.#known.has(id));
    await inTurns(fresh, this.#reads.concurrency, async (id) => {
      this.#known.set(id, await this.#isThere(id));
    });
  }

  /** Whether a version's files lie with a logged model that is carried as well. */
  has(id: string | null | undefined, archived: AssetWant["archived"]): boolean {
    return archived !== "only" && !!id && this.#known.get(id) === true;
  }

  async #isThere(id: string): Promise<boolean> {
    try {
      const answer = await this.#reads.ask(MLFLOW_ROUTES.loggedModels.get, { vars: { model_id: id } });
      return objectAt(answer, "model") !== null;
    } catch (error) {
      if (isAbsent(error) || isRefusal(error)) return false;
      this.#reads.trouble(error);
      return false;
    }
  }
}
