/** A column of numbers that grows: a million of them take eight megabytes. */
export class NumberColumn {
  private cells = new Float64Array(8);
  private used = 0;

  get length(): number {
    return this.used;
  }

  push(value: number): void {
    if (this.used === this.cells.length) {
      const wider = new Float64Array(this.cells.length * 2);
      wider.set(this.cells);
      this.cells = wider;
    }
    this.cells[this.used++] = value;
  }

  /** Throws `RangeError` past the end. */
  at(index: number): number {
    if (index < 0 || index >= this.used) throw new RangeError(`row ${index} of ${this.used}`);
    return this.cells[index]!;
  }
}
