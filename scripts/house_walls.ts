/** Room of `src/` to the rooms (or single files) that it may import, beside itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  records: [],
  stages: ["records"],
  wire: ["records"],
  blob: ["wire", "records", "stages/ports.ts"],
  mlflow: ["wire", "blob", "records", "stages/ports.ts"],
  azure: ["wire", "blob", "mlflow", "records", "stages/ports.ts"],
  archive: ["mlflow", "records", "stages/ports.ts"],
  journal: ["records", "stages/ports.ts"],
  cli: ["stages", "records"],
};

/** The files of `cli` that know the outside, and what each may import of it. */
const CLI_TO_OUTSIDE: Readonly<Record<string, readonly string[]>> = {
  // The one place that builds Sources and Targets.
  "cli/endpoints.ts": ["wire", "blob", "mlflow", "azure"],
  // Its parts: what a process shares, one side of each world, and where files are read.
  "cli/process_wiring.ts": ["wire", "azure/connect_azure.ts", "mlflow/connect.ts"],
  "cli/azure_access.ts": ["azure"],
  "cli/azure_side.ts": ["azure"],
  "cli/mlflow_access.ts": ["wire/address.ts", "mlflow"],
  "cli/mlflow_side.ts": ["mlflow"],
  "cli/record_stores.ts": ["blob/container.ts", "azure/connect_stores.ts", "mlflow"],
  // What a config may say: names of clouds, workspaces and credentials, addresses on this machine.
  "cli/config.ts": [
    "azure/clouds.ts",
    "azure/connect_config.ts",
    "azure/workspace_id.ts",
    "mlflow/config.ts",
    "wire/address.ts",
  ],
  "cli/config_mlflow.ts": ["mlflow/config.ts"],
  "cli/config_schema.ts": ["azure/workspace_id.ts", "wire/address.ts", "wire/sign_in.ts"],
  // The spool that every stage is given.
  "cli/run_stage.ts": ["archive/spool.ts"],
  "cli/run_text.ts": ["archive/spool.ts"],
};

/** Packages (or all of a scope) to the rooms that may import them. One that is not here may be imported by none. */
const PACKAGES: readonly (readonly [name: RegExp, rooms: readonly string[]])[] = [
  [/^@azure\//, ["wire", "blob", "azure"]],
  [/^@stricli\/core$/, ["cli"]],
  [/^@std\/jsonc$/, ["cli"]],
  [/^@std\/encoding$/, ["records"]],
  [/^@noble\/hashes\//, ["records"]],
  [/^zod$/, ["records", "stages", "cli"]],
  // Not on the way from start to `--help` or to a stage that needs no service.
  [/^node:/, ["wire", "blob"]],
];

/** What only `cli` may touch. */
const PROCESS_ONLY = /\bDeno\.(stdin|stdout|stderr|args|exit|env)\b/;

const IMPORT = /(?:from\s+|import\s*\(\s*|import\s+)"([^"]+)"/g;

/** What a file of `src/` imports or touches against the walls of the house, a sentence each. `file` is e.g. `cli/app.ts`. */
export function brokenWalls(file: string, text: string): string[] {
  const room = file.split("/")[0] ?? "";
  if (!(room in MAY_IMPORT)) return ["is in no known room of the house"];
  const imports = [...text.matchAll(IMPORT)].map((match) => wrongImport(room, file, match[1] ?? ""));
  const process = room !== "cli" && PROCESS_ONLY.test(text) ? "touches the process: only cli may" : null;
  return [...imports, process].filter((what) => what !== null);
}

function wrongImport(room: string, file: string, specifier: string): string | null {
  if (!specifier.startsWith(".")) return wrongPackage(room, specifier);
  const target = new URL(specifier, `file:///src/${file}`).pathname.replace(/^\/src\//, "");
  const to = target.split("/")[0] ?? "";
  // Above src lies deno.json alone, which tells the version.
  if (to === room || target === "/deno.json") return null;
  const may = [...MAY_IMPORT[room] ?? [], ...CLI_TO_OUTSIDE[file] ?? []];
  if (may.includes(to) || may.includes(target)) return null;
  return `imports ${target}: it may import ${may.join(", ") || "nothing"}`;
}

function wrongPackage(room: string, name: string): string | null {
  const rooms = PACKAGES.find(([pattern]) => pattern.test(name))?.[1] ?? [];
  if (rooms.includes(room)) return null;
  return `imports ${name}: ${rooms.length === 0 ? "no room may" : `only ${rooms.join(", ")} may`}`;
}
