import { type Redacted, redactJob } from "./redact.ts";
import type { MetricTable } from "./table.ts";

/**
 * Takes the secrets out of the texts of tables: their names, their rows, the names of their columns. What a column is
 * called hides nothing (`token` is data of the user), and the path of an artifact has to stay as it is. A place in a
 * row is told once for all rows, e.g. `tables.0.rows.*.url`.
 */
export function redactTables(tables: readonly MetricTable[]): Redacted<MetricTable[]> {
  const redacted = new Set<string>();
  const value = tables.map((table, i) => {
    const { artifact, ...texts } = table;
    const clean = redactJob({ tables: [texts] });
    if (clean.redacted.length === 0) return table;
    for (const path of clean.redacted) redacted.add(placeOf(path, i));
    // The walk changes texts and names within a table alone: what it gives back has the shape that it was given.
    const [cleaned] = clean.value.tables as [MetricTable];
    return artifact === undefined ? cleaned : { ...cleaned, artifact };
  });
  return { value, redacted: [...redacted] };
}

/** The path of the walk over one table, as one in the record. */
function placeOf(path: string, table: number): string {
  return path.replace(/^tables\.0/, `tables.${table}`).replace(/^(tables\.\d+\.rows)\.\d+/, "$1.*");
}
