/**
 * Who may import whom in `src/`: the walls of the house. Run by `deno task check`; prints each import that goes the
 * wrong way and exits 1.
 */

/** Folder to the folders (or single files) that it may import, beside itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  records: [],
  stages: ["records"],
  wire: ["records"],
  blob: ["wire", "records", "stages/ports.ts"],
  mlflow: ["wire", "blob", "records", "stages/ports.ts"],
  azure: ["wire", "blob", "mlflow", "records", "stages/ports.ts"],
  archive: ["mlflow", "records", "stages/ports.ts"],
  journal: ["records", "stages/ports.ts"],
  cli: ["stages", "records", "wire", "blob", "mlflow", "azure", "archive", "journal"],
};

/** In `cli` only this file (and what it is made of) may build Sources and Targets. */
const OUTSIDE = ["wire", "blob", "mlflow", "azure"];
const ENDPOINT_FILES = /^cli\/(endpoints|config)/;

/** What only `cli` may touch. */
const PROCESS_ONLY = /\bDeno\.(stdin|stdout|stderr|args|exit|env)\b/;

const IMPORT = /(?:from\s+|import\s*\(\s*|import\s+)"(\.{1,2}\/[^"]+)"/g;

interface Wrong {
  readonly file: string;
  readonly what: string;
}

async function* sourceFiles(dir: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(dir)) {
    const path = `${dir}/${entry.name}`;
    if (entry.isDirectory) yield* sourceFiles(path);
    else if (entry.name.endsWith(".ts")) yield path;
  }
}

function targetOf(file: string, specifier: string): string {
  return new URL(specifier, `file:///src/${file}`).pathname.replace(/^\/src\//, "");
}

function isAllowed(from: string, file: string, target: string): boolean {
  const to = target.split("/")[0] ?? "";
  if (to === from || target.startsWith("/")) return true;
  if (from === "cli" && OUTSIDE.includes(to) && !ENDPOINT_FILES.test(file)) return false;
  return (MAY_IMPORT[from] ?? []).some((allowed) => allowed === to || allowed === target);
}

function check(file: string, text: string): Wrong[] {
  const from = file.split("/")[0] ?? "";
  if (!(from in MAY_IMPORT)) return [{ file, what: `is in no known room of the house` }];
  const wrong = [...text.matchAll(IMPORT)]
    .map((match) => targetOf(file, match[1] ?? ""))
    .filter((target) => !isAllowed(from, file, target))
    .map((target) => ({
      file,
      what: `imports ${target}: ${from} may import ${MAY_IMPORT[from]?.join(", ") || "nothing"}`,
    }));
  if (from !== "cli" && PROCESS_ONLY.test(text)) {
    wrong.push({ file, what: "touches the process: only cli may" });
  }
  return wrong;
}

const wrong: Wrong[] = [];
for await (const path of sourceFiles("src")) {
  wrong.push(...check(path.replace(/^src\//, ""), await Deno.readTextFile(path)));
}
for (const { file, what } of wrong) {
  await Deno.stderr.write(new TextEncoder().encode(`src/${file} ${what}\n`));
}
Deno.exit(wrong.length > 0 ? 1 : 0);
