/**
 * Compiles the bundle into single binaries: `deno task compile` for this machine, `--target T` (repeatable) for
 * others, `--all` for the five that azml is released for. The base binary comes from Deno's download site, or from
 * `DENORT_BIN`. Deno prints what it embeds: the chunks of `dist/` and nothing else (the lazily loaded ones are named by
 * `--include`, since nothing else tells Deno of them).
 */
import { PERMISSIONS } from "./permissions.ts";
import { V8_FLAGS } from "./v8_flags.ts";

const TARGETS = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
  "x86_64-pc-windows-msvc",
] as const;

function targetsOf(args: readonly string[]): readonly (string | null)[] {
  if (args.includes("--all")) return TARGETS;
  const named = args.flatMap((word, i) => word === "--target" ? [args[i + 1] ?? ""] : []);
  for (const target of named) {
    if (!TARGETS.some((known) => known === target)) {
      throw new Error(`Unknown target "${target}": one of ${TARGETS.join(", ")}`);
    }
  }
  return named.length > 0 ? named : [null];
}

async function compile(target: string | null): Promise<void> {
  const output = `build/${target ?? "local"}/azml`;
  const args = ["compile", "--no-check", V8_FLAGS, ...PERMISSIONS, "--include", "dist", "--output", output];
  if (target) args.push("--target", target);
  const { success } = await new Deno.Command(Deno.execPath(), { args: [...args, "dist/main.js"] }).spawn()
    .status;
  if (!success) {
    throw new Error(
      `deno compile failed for ${target ?? "this machine"}: the base binary could not be had? ` +
        "Set DENORT_BIN to a denort of this Deno version, or let this machine reach Deno's download site",
    );
  }
}

for (const target of targetsOf(Deno.args)) await compile(target);
