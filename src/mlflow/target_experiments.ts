import { Failure } from "../records/failure.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../records/json.ts";
import { objectAt, objectsAt, textAt } from "./json_fields.ts";
import { MLFLOW_ROUTES } from "./routes.ts";
import type { MlflowServer } from "./server.ts";

/** Where runs go whose experiment a filter took away; every server has it. */
export const DEFAULT_EXPERIMENT = "Default";

/** Experiments asked for at once. */
const PAGE = 1000;

/** MLflow's word for a name that exists, also where what has it is deleted. */
const TAKEN = "RESOURCE_ALREADY_EXISTS";

const ROUTES = MLFLOW_ROUTES.experiments;

interface Known {
  readonly id: string;
  readonly deleted: boolean;
}

/** The experiments of a target by name, made where they are missing. Each is asked for once. */
export class TargetExperiments {
  readonly #server: MlflowServer;
  readonly #restoreDeleted: boolean;
  /** What the server listed; null until it was asked. */
  #listed: Map<string, Known> | null = null;
  readonly #ids = new Map<string, Promise<string>>();

  constructor(server: MlflowServer, restoreDeleted: boolean) {
    this.#server = server;
    this.#restoreDeleted = restoreDeleted;
  }

  /** Ids of all experiments, deleted ones too. Throws `Failure`. */
  async list(): Promise<readonly string[]> {
    const listed = new Map<string, Known>();
    let token: string | null = null;
    do {
      const body: JsonObject = { view_type: "ALL", max_results: PAGE };
      if (token !== null) body.page_token = token;
      const page = bodyOf(await this.#server.send(ROUTES.search, { body }));
      for (const experiment of objectsAt(page, "experiments")) {
        listed.set(textAt(experiment, "name") ?? "", knownOf(experiment));
      }
      token = textAt(page, "next_page_token");
    } while (token !== null);
    this.#listed = listed;
    return [...listed.values()].map(({ id }) => id);
  }

  /**
   * The id of an experiment, which is made when it is not there. Throws `Failure` `experiment_deleted` for one that is
   * deleted and shall not be restored: MLflow takes no run in it, and no second experiment of that name.
   */
  async idOf(name: string): Promise<string> {
    const known = this.#ids.get(name);
    if (known !== undefined) return await known;
    const asked = this.#lookOrMake(name);
    this.#ids.set(name, asked);
    try {
      return await asked;
    } catch (thrown) {
      this.#ids.delete(name);
      throw thrown;
    }
  }

  async #lookOrMake(name: string): Promise<string> {
    const there = this.#listed?.get(name) ?? (this.#listed === null ? await this.#byName(name) : null);
    if (there !== null) return await this.#usable(name, there);
    const made = await this.#server.send(ROUTES.create, { body: { name }, accept: [400] });
    const body = bodyOf(made);
    if (made.status !== 400) return textAt(body, "experiment_id") ?? "";
    // Somebody else made it at the same time, or this is the second try of a request whose answer was lost.
    const other = textAt(body, "error_code") === TAKEN ? await this.#byName(name) : null;
    if (other !== null) return await this.#usable(name, other);
    throw refused(name, body);
  }

  async #byName(name: string): Promise<Known | null> {
    const query = { experiment_name: name };
    const answer = await this.#server.send(ROUTES.getByName, { query, accept: [404] });
    const experiment = objectAt(bodyOf(answer), "experiment");
    return answer.status === 404 || experiment === null ? null : knownOf(experiment);
  }

  async #usable(name: string, { id, deleted }: Known): Promise<string> {
    if (!deleted) return id;
    if (!this.#restoreDeleted) throw deletedThere(name);
    await this.#server.send(ROUTES.restore, { body: { experiment_id: id } });
    return id;
  }
}

function knownOf(experiment: JsonObject): Known {
  return {
    id: textAt(experiment, "experiment_id") ?? "",
    deleted: textAt(experiment, "lifecycle_stage") === "deleted",
  };
}

function bodyOf({ body }: { readonly body: JsonValue }): JsonObject {
  return isJsonObject(body) ? body : {};
}

function deletedThere(name: string): Failure {
  return new Failure(`The experiment ${JSON.stringify(name)} is deleted in the target.`, {
    code: "experiment_deleted",
    reach: "record",
    retryable: false,
    hint: "bring it back with --restore-deleted, or rename it on the way with --rename-experiment",
  });
}

function refused(name: string, body: JsonObject): Failure {
  const said = textAt(body, "message") ?? "";
  return new Failure(`Making the experiment ${JSON.stringify(name)}: the server refused it. ${said}`.trim(), {
    code: textAt(body, "error_code") ?? "experiment_refused",
    reach: "record",
    retryable: false,
  });
}
