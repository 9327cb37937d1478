import { isJsonObject } from "../records/json.ts";
import { ROUTES } from "../wire/routes.ts";
import type { DataPlane, Trouble } from "./data_plane.ts";
import { textAt } from "./json_fields.ts";

/** The name of an experiment, or why it is not known. */
export type ExperimentName = { readonly name: string | null } | { readonly trouble: Trouble };

/** Names of experiments by their ids: runs tell only the id. Each id is asked for once at most. */
export class ExperimentNames {
  readonly #plane: DataPlane;
  readonly #names = new Map<string, Promise<ExperimentName>>();

  constructor(plane: DataPlane) {
    this.#plane = plane;
  }

  /** Remembers a name that came with something else. */
  note(id: string | null, name: string | null): void {
    if (id !== null && name !== null && !this.#names.has(id)) this.#names.set(id, Promise.resolve({ name }));
  }

  /** The name is null when the service has no such experiment. Throws `Failure` only for what hits every request. */
  nameOf(id: string): Promise<ExperimentName> {
    const known = this.#names.get(id);
    if (known !== undefined) return known;
    const name = this.#ask(id);
    this.#names.set(id, name);
    return name;
  }

  async #ask(experimentId: string): Promise<ExperimentName> {
    try {
      const { status, body } = await this.#plane.ask(ROUTES.history.experimentById, { experimentId }, {
        accept: [404],
      });
      return { name: status === 200 && isJsonObject(body) ? textAt(body, "name") : null };
    } catch (error) {
      return { trouble: this.#plane.trouble(error) };
    }
  }
}
