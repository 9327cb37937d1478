import type { AssetWant } from "../stages/ports.ts";
import { inTurns } from "./in_turns.ts";
import { objectAt, textAt } from "./json_fields.ts";
import { MLFLOW_ROUTES } from "./routes.ts";
import { pathInRun } from "./registry_path.ts";
import { isAbsent, isRefusal, type RunReads } from "./run_reads.ts";

/** Which logged models that versions rest on are still there, and where their files lie. */
export class LoggedModelPresence {
  readonly #reads: RunReads;
  readonly #known = new Map<string, string | null>();

  constructor(reads: RunReads) {
    this.#reads = reads;
  }

  /** Asks for those that are not known yet, one by one: no bulk look-up names them. Throws `Failure`. */
  async learn(ids: Iterable<string | null | undefined>): Promise<void> {
    if (!this.#reads.server.abilities.loggedModels) return;
    const fresh = [...new Set(ids)].filter((id): id is string => !!id && !this.#known.has(id));
    await inTurns(fresh, this.#reads.concurrency, async (id) => {
      this.#known.set(id, await this.#uriOf(id));
    });
  }

  /** Whether a version's files lie with a logged model that is carried as well. */
  has(id: string | null | undefined, archived: AssetWant["archived"]): boolean {
    return archived !== "only" && !!id && typeof this.#known.get(id) === "string";
  }

  /** The logged model whose files a version's source names by their address; null for any other source. */
  at(source: string | null | undefined): string | null {
    const id = this.mayBeAt(source);
    const artifactUri = id === null ? null : this.#known.get(id) || null;
    return id !== null && pathInRun(source ?? null, { id, artifactUri }) === "" ? id : null;
  }

  /** Which logged model is to be asked for before {@linkcode at} can tell; null for a source that is no such address. */
  mayBeAt(source: string | null | undefined): string | null {
    return /\/models\/(m-[^/]+)\/artifacts\/*$/.exec(source ?? "")?.[1] ?? null;
  }

  /** Address of its files, `""` where the server tells none; null when it is not there. */
  async #uriOf(id: string): Promise<string | null> {
    try {
      const answer = await this.#reads.ask(MLFLOW_ROUTES.loggedModels.get, { vars: { model_id: id } });
      const model = objectAt(answer, "model");
      return model === null ? null : textAt(objectAt(model, "info"), "artifact_uri") ?? "";
    } catch (error) {
      if (isAbsent(error) || isRefusal(error)) return null;
      this.#reads.trouble(error);
      return null;
    }
  }
}
