import type { Item } from "../records/item.ts";
import { encodeItem } from "../records/ndjson_write.ts";
import { type Point, POINTS_A_LINE } from "../records/point.ts";
import type { PointsRecord } from "../records/points.ts";
import { pointSize } from "./point_size.ts";
import type { Spool, SpoolMaker } from "./ports.ts";

/** Characters of points in one line, for points that hold long texts instead of numbers. */
const SIZE_A_LINE = 4 * 1024 * 1024;

/**
 * Points of a job beyond those that its line holds: set aside while the job is read, because the line that comes
 * before them says how many they are; read back as `points` records.
 */
export class OverflowPoints {
  readonly #job: string;
  readonly #spool: Spool;
  readonly #written = new Map<string, number>();
  readonly #waiting = new Map<string, Point[]>();
  #waitingPoints = 0;
  #waitingSize = 0;
  #size = 0;

  /** `job` is the id that the records will carry. */
  constructor(job: string, makeSpool: SpoolMaker) {
    this.#job = job;
    this.#spool = makeSpool();
  }

  /** Characters set aside so far. */
  get size(): number {
    return this.#size;
  }

  /** Adds points behind those of the same metric that came before. Throws the spool's `Failure`. */
  async add(metric: string, points: readonly Point[]): Promise<void> {
    for (const point of points) {
      const waiting = this.#waiting.get(metric);
      if (waiting === undefined) this.#waiting.set(metric, [point]);
      else waiting.push(point);
      this.#waitingPoints++;
      this.#waitingSize += pointSize(point);
      if (this.#waitingPoints >= POINTS_A_LINE || this.#waitingSize >= SIZE_A_LINE) await this.#flush();
    }
  }

  /** Sets aside what still waits and answers how many points of each metric there are. */
  async finish(): Promise<Record<string, number>> {
    await this.#flush();
    return Object.fromEntries(this.#written);
  }

  /** The points as records, a line a batch, as each metric was logged. */
  async *records(): AsyncGenerator<readonly Item[]> {
    for await (const piece of this.#spool.read()) {
      // Safe: every piece was written by #flush below.
      const record = JSON.parse(piece) as PointsRecord;
      yield [{ record, raw: piece }];
    }
  }

  /** Frees memory and file. */
  close(): Promise<void> {
    return this.#spool.close();
  }

  async #flush(): Promise<void> {
    for (const [metric, points] of this.#waiting) {
      const seq = this.#written.get(metric) ?? 0;
      const record: PointsRecord = { kind: "points", v: 1, job: this.#job, metric, seq, points };
      const line = encodeItem({ record });
      await this.#spool.append(line);
      this.#size += line.length;
      this.#written.set(metric, seq + points.length);
    }
    this.#waiting.clear();
    this.#waitingPoints = 0;
    this.#waitingSize = 0;
  }
}
