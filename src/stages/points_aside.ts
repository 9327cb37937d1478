import type { PointsRecord } from "../records/points.ts";
import { heldRecord } from "./held_record.ts";
import type { PointsChannel } from "./points_channel.ts";
import { PointsDigest } from "../records/points_digest.ts";
import type { Spool } from "./ports.ts";

/** Points that can be read again: what a carrier of a unit needs of them. */
export type UnitPoints = Pick<PointsChannel, "read" | "missing">;

/**
 * The points behind a unit, set aside in a spool (memory, then a temporary file) until it is known whether the target
 * has them all: they come before that can be told.
 */
export class PointsAside implements UnitPoints {
  readonly #spool: Spool;
  readonly #digest = new PointsDigest();
  #missing = 0;

  constructor(spool: Spool) {
    this.#spool = spool;
  }

  /** Takes in everything that comes. */
  async take(points: UnitPoints): Promise<void> {
    for await (const record of points.read()) {
      this.#digest.add(record);
      await this.#spool.append(JSON.stringify(record));
    }
    this.#missing = points.missing;
  }

  /** Points that were announced and did not come. */
  get missing(): number {
    return this.#missing;
  }

  /** See {@linkcode PointsDigest.behind}. */
  behind(line: string): string {
    return this.#digest.behind(line);
  }

  /** The records as they came. */
  async *read(): AsyncGenerator<PointsRecord, void, undefined> {
    for await (const text of this.#spool.read()) {
      const record = heldRecord(text);
      if (record.kind === "points") yield record;
    }
  }

  /** Frees memory and file. */
  close(): Promise<void> {
    return this.#spool.close();
  }
}
