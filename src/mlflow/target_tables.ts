import type { Loss } from "../records/loss.ts";
import { shortHash } from "../records/short_hash.ts";
import type { MetricTable } from "../records/table.ts";
import type { RunFiles } from "./artifact_upload.ts";

const FOLDER = "azml/tables/";
const NAME_MAX = 100;

/** Writes metrics that are not scalars as JSON files of the run: MLflow has no other place. Throws `Failure`. */
export async function writeTables(files: RunFiles, tables: readonly MetricTable[]): Promise<readonly Loss[]> {
  const loss: Loss[] = [];
  for (const table of tables) {
    const path = `${FOLDER}${fileName(table.name)}.json`;
    const content = new TextEncoder().encode(JSON.stringify(table, null, 2) + "\n");
    await files.write(path, content, "application/json");
    const reason = `MLflow has no place for it; kept in ${path}`;
    loss.push({ field: `tables.${table.name}`, change: "moved", reason });
  }
  return loss;
}

/** A name for every table: one that had to change carries a hash of what it was. */
function fileName(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9_.-]/g, "_").slice(0, NAME_MAX);
  return plain === name && /^[A-Za-z0-9_]/.test(name) ? name : `t${plain}-${shortHash(name)}`;
}
