import type { ReceiptRecord } from "../records/receipt.ts";
import type { UnitRecord } from "../records/unit.ts";

/** Words of Azure ML and MLflow for jobs that have ended; a unit without a word is written as one that has. */
const OVER = new Set("completed failed canceled notresponding paused finished killed".split(" "));

/** What a run of `submit` adds up for its last line on stderr. */
export class SubmitSums {
  readonly #outcomes = new Map<string, number>();
  #units = 0;
  /** Values that are kept, in a tag or in `azml/original.json`. */
  #moved = 0;
  /** Values that were truncated, dropped, renamed or rewritten. */
  #changed = 0;
  #open = 0;
  #withoutFiles = 0;

  add(unit: UnitRecord, { outcome, loss, artifacts }: ReceiptRecord): void {
    this.#units++;
    this.#outcomes.set(outcome, this.count(outcome) + 1);
    for (const { change } of loss) change === "moved" ? this.#moved++ : this.#changed++;
    if (outcome === "failed") return;
    if (artifacts.failed.length > 0) this.#withoutFiles++;
    if (outcome !== "skipped" && isOpen(unit)) this.#open++;
  }

  /** Units so far. */
  get units(): number {
    return this.#units;
  }

  /** Units of an outcome. */
  count(outcome: string): number {
    return this.#outcomes.get(outcome) ?? 0;
  }

  /** Units that failed, and those that lack files. */
  get troubles(): number {
    return this.count("failed") + this.#withoutFiles;
  }

  /** The parts of the line that tell of units. */
  unitsLine(): string {
    const outcomes = [...this.#outcomes].map(([outcome, n]) => `${n} ${outcome}`).join(", ");
    return `${this.#units} units${outcomes === "" ? "" : `: ${outcomes}`}`;
  }

  /** What else there is to say, most alarming first; nothing for what there is none of. */
  notes(): readonly string[] {
    const notes: readonly (readonly [number, string])[] = [
      [this.#withoutFiles, "units lack files (see errors)"],
      [this.#changed, "values were truncated, dropped, renamed or rewritten (see loss)"],
      [this.#moved, "values moved to azml/original.json or tags"],
      [
        this.#open,
        "runs were left open, as their jobs had not ended: extracting and submitting again later finishes them",
      ],
    ];
    return notes.filter(([count]) => count > 0).map(([count, text]) => `${count} ${text}`);
  }
}

function isOpen({ status, times }: UnitRecord): boolean {
  return Boolean(status) && !OVER.has(String(status).toLowerCase()) && !times?.ended;
}
