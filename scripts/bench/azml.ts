import { PERMISSIONS } from "../permissions.ts";
import { V8_FLAGS } from "../v8_flags.ts";

const DIST = "dist";
const MAIN = `${DIST}/main.js`;

/** What the bundle is made of. */
const PARTS = ["main.ts", "src", "deno.json", "deno.lock", "scripts/bundle.ts"];

/** The command line of azml as users run it from `dist/`, as the README names it. */
export function azml(...words: readonly string[]): readonly string[] {
  return denoRun(MAIN, ...words);
}

/** The command line of any program, run by Deno as azml is. */
export function denoRun(...words: readonly string[]): readonly string[] {
  return [Deno.execPath(), "run", "--quiet", V8_FLAGS, ...PERMISSIONS, ...words];
}

/** Builds `dist/` when it is missing or older than what it is made of. Throws when that fails. */
export async function bundleIfStale(): Promise<void> {
  const built = (await Deno.stat(MAIN).catch(() => null))?.mtime?.getTime() ?? 0;
  const changed = await Promise.all(PARTS.map(newest));
  if (built > Math.max(...changed)) return;
  const { success } = await new Deno.Command(Deno.execPath(), { args: ["task", "--quiet", "bundle"] })
    .output();
  if (!success) throw new Error("deno task bundle failed");
}

/** Puts the bundle into a folder of its own. */
export async function copyBundle(folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for await (const { name } of Deno.readDir(DIST)) {
    await Deno.copyFile(`${DIST}/${name}`, `${folder}/${name}`);
  }
}

async function newest(path: string): Promise<number> {
  const { mtime, isDirectory } = await Deno.stat(path);
  if (!isDirectory) return mtime?.getTime() ?? 0;
  const entries = await Array.fromAsync(Deno.readDir(path));
  return Math.max(0, ...await Promise.all(entries.map((entry) => newest(`${path}/${entry.name}`))));
}
