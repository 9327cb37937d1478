import { PERMISSIONS } from "../permissions.ts";

/** A folder with what the figures share: an `azml` that is the bundle, run as the README says, and made-up records. */
export interface Bench {
  readonly dir: string;
  /** PATH with this azml first. */
  readonly path: string;
  /** The same azml as a line of bash, without a shell in between. */
  readonly direct: string;
}

/** Bundles azml anew and makes the folder. */
export async function makeBench(): Promise<Bench> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), { args: ["task", "bundle"] }).output();
  if (!success) throw new Error(`bench: the bundle failed: ${new TextDecoder().decode(stderr)}`);
  const dir = await Deno.makeTempDir({ prefix: "azml-bench-" });
  const words = [Deno.execPath(), "run", "--quiet", ...PERMISSIONS, `${Deno.cwd()}/dist/main.js`];
  await Deno.mkdir(`${dir}/bin`);
  await Deno.writeTextFile(
    `${dir}/bin/azml`,
    `#!/bin/sh\n[ -z "$PIDS" ] || echo $$ >> "$PIDS"\nexec ${words.join(" ")} "$@"\n`,
    { mode: 0o755 },
  );
  await Deno.writeTextFile(`${dir}/empty.js`, "");
  return { dir, direct: words.join(" "), path: `${dir}/bin:${Deno.env.get("PATH") ?? ""}` };
}
