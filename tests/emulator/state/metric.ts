/** A value of a metric row. Non-finite numbers are real JavaScript numbers here; answers spell them by the settings. */
export type MetricValue = number | string | boolean | null;

/** One row: a point of a scalar series, or a row of a table. */
export interface MetricRow {
  readonly step: number | null;
  /** Milliseconds since 1970 that the client stated. */
  readonly time: number;
  readonly data: Readonly<Record<string, MetricValue>>;
}

/** The rows of a series: kept as numbers, or computed when they are read. */
export interface MetricRows {
  readonly length: number;
  at(index: number): MetricRow;
  push(row: MetricRow): void;
}

/** A metric of a run: scalars, lists, tables, images and documents alike. */
export interface MetricSeries {
  readonly name: string;
  readonly namespace: string | null;
  /** Column name to type, as written (`Double`, `double`, `int`, `string`, `Artifact` ...). */
  columns: Record<string, string>;
  /** `azureml.v1.scalar`, `azureml.v1.table` ...; null when the writer named none. */
  uxMetricType: string | null;
  dataLocation: string | null;
  readonly rows: MetricRows;
}

/** Rows of any shape, in memory. Scalars of one column take 24 bytes a point. */
export class StoredRows implements MetricRows {
  readonly #column: string;
  #numbers: Float64Array | null = new Float64Array(12);
  #rows: MetricRow[] = [];
  #length = 0;

  /** `column` is the name of the one column that can be kept compactly. */
  constructor(column: string) {
    this.#column = column;
  }

  get length(): number {
    return this.#length;
  }

  push(row: MetricRow): void {
    const value = row.data[this.#column];
    const compact = typeof value === "number" && Object.keys(row.data).length === 1;
    if (this.#numbers !== null && !compact) this.#spread();
    if (this.#numbers === null) this.#rows.push(row);
    else this.#append(row.step, row.time, typeof value === "number" ? value : NaN);
    this.#length += 1;
  }

  at(index: number): MetricRow {
    if (index < 0 || index >= this.#length) throw new RangeError(`no row ${index} of ${this.#length}`);
    if (this.#numbers === null) return this.#rows[index] ?? { step: null, time: 0, data: {} };
    const [step = NaN, time = 0, value = NaN] = this.#numbers.subarray(index * 3, index * 3 + 3);
    return { step: Number.isNaN(step) ? null : step, time, data: { [this.#column]: value } };
  }

  #append(step: number | null, time: number, value: number): void {
    let numbers = this.#numbers ?? new Float64Array(12);
    if ((this.#length + 1) * 3 > numbers.length) {
      const larger = new Float64Array(numbers.length * 2);
      larger.set(numbers);
      numbers = larger;
    }
    numbers.set([step ?? NaN, time, value], this.#length * 3);
    this.#numbers = numbers;
  }

  #spread(): void {
    const rows: MetricRow[] = [];
    for (let index = 0; index < this.#length; index++) rows.push(this.at(index));
    this.#rows = rows;
    this.#numbers = null;
  }
}

/** Rows that a formula makes when they are read; what is pushed comes behind them. */
export class FormulaRows implements MetricRows {
  readonly #count: number;
  readonly #row: (index: number) => MetricRow;
  readonly #more: MetricRow[] = [];

  constructor(count: number, row: (index: number) => MetricRow) {
    this.#count = count;
    this.#row = row;
  }

  get length(): number {
    return this.#count + this.#more.length;
  }

  at(index: number): MetricRow {
    if (index < this.#count) return this.#row(index);
    const row = this.#more[index - this.#count];
    if (row === undefined) throw new RangeError(`no row ${index} of ${this.length}`);
    return row;
  }

  push(row: MetricRow): void {
    this.#more.push(row);
  }
}

/** A new, empty series of one `Double` column named as the metric. */
export function scalarSeries(name: string): MetricSeries {
  return {
    name,
    namespace: null,
    columns: { [name]: "Double" },
    uxMetricType: "azureml.v1.scalar",
    dataLocation: null,
    rows: new StoredRows(name),
  };
}
