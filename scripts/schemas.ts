import { KIND_NAMES, schemaOf } from "../src/records/json_schema.ts";

/**
 * Writes the JSON Schema of every record kind into `config/schemas/`; with `--check` compares only, says what differs
 * and exits 1. Run: `deno run --allow-read --allow-write=config/schemas scripts/schemas.ts [--check]`.
 */

const FOLDER = new URL("../config/schemas/", import.meta.url);
const SUFFIX = ".schema.json";

/** The schema files by name, as they should be. */
export function renderSchemas(): ReadonlyMap<string, string> {
  return new Map(KIND_NAMES.map((kind) => [kind + SUFFIX, JSON.stringify(schemaOf(kind), null, 2) + "\n"]));
}

/** What the folder holds that it should not, or not so; empty when all is as it should be. */
export async function schemaDrift(folder: URL): Promise<string[]> {
  const wanted = renderSchemas();
  const drift: string[] = [];
  for (const [name, text] of wanted) {
    const found = await Deno.readTextFile(new URL(name, folder)).catch(() => null);
    if (found === null) drift.push(`${name} is missing`);
    else if (found !== text) drift.push(`${name} differs from src/records`);
  }
  for (const name of await schemaFiles(folder)) {
    if (!wanted.has(name)) drift.push(`${name} belongs to no record kind`);
  }
  return drift;
}

/** Writes all schema files and removes those of kinds that are no more. */
export async function writeSchemas(folder: URL): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const wanted = renderSchemas();
  for (const [name, text] of wanted) await Deno.writeTextFile(new URL(name, folder), text);
  for (const name of await schemaFiles(folder)) {
    if (!wanted.has(name)) await Deno.remove(new URL(name, folder));
  }
}

async function schemaFiles(folder: URL): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(folder)) if (entry.name.endsWith(SUFFIX)) names.push(entry.name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names.sort();
}

async function main(args: readonly string[]): Promise<number> {
  if (!args.includes("--check")) {
    await writeSchemas(FOLDER);
    return 0;
  }
  const drift = await schemaDrift(FOLDER);
  if (drift.length === 0) return 0;
  const lines = [...drift.map((one) => `config/schemas/${one}`), "run: deno task schemas", ""];
  await Deno.stderr.write(new TextEncoder().encode(lines.join("\n")));
  return 1;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
