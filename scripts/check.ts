/** Runs every check that is not a test: formatting, lint with the house rules, types, import directions, schemas. */

interface Check {
  readonly name: string;
  readonly args: readonly string[];
}

const CHECKS: readonly Check[] = [
  { name: "formatting", args: ["fmt", "--check"] },
  { name: "lint and house rules", args: ["lint"] },
  { name: "types", args: ["check", "main.ts", "src", "tests", "scripts"] },
  { name: "import directions", args: ["run", "--allow-read=src", "scripts/import_directions.ts"] },
  {
    name: "JSON Schemas are up to date",
    args: ["run", "--allow-read", "--allow-env", "scripts/schemas.ts", "--check"],
  },
];

const say = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(text));

let failed = 0;
for (const { name, args } of CHECKS) {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    stdout: "piped",
    stderr: "piped",
  }).output();
  say(`${success ? "ok    " : "FAILED"} ${name}\n`);
  if (success) continue;
  failed += 1;
  Deno.stdout.writeSync(stdout);
  Deno.stdout.writeSync(stderr);
}
say(`check: ${CHECKS.length - failed} passed, ${failed} failed\n`);
Deno.exit(failed > 0 ? 1 : 0);
