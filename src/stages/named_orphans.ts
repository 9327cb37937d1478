import type { Log } from "./ports.ts";

const NAMED = 3;

/** Jobs whose parent never came: counts them, and keeps the first few by name. */
export class NamedOrphans {
  readonly #first: string[] = [];
  #count = 0;

  /** Notes one. */
  note(id: string): void {
    this.#count++;
    if (this.#first.length < NAMED) this.#first.push(id);
  }

  /** Says in one line what becomes of them; nothing when there are none. */
  tell(log: Pick<Log, "warn">): void {
    if (this.#count === 0) return;
    const more = this.#count > NAMED ? ", ..." : "";
    log.warn(
      `${this.#count} jobs name a parent that is not in the stream (${this.#first.join(", ")}${more}): ` +
        "they become roots and keep its id in the tag original_parent_job_id",
    );
  }
}
