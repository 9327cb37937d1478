/** Test files run side by side in one process, which has one PATH: who changes it holds this file's lock. */
const LOCK = new URL("./with_path.ts", import.meta.url);

/**
 * Runs with a PATH that has `dir` first (or nowhere an `az`, when it is null) and everything else as before, since
 * other tests start programs meanwhile.
 */
export async function withPath(dir: string | null, run: () => Promise<void>): Promise<void> {
  using lock = await Deno.open(LOCK);
  await lock.lock(true);
  const path = Deno.env.get("PATH") ?? "";
  Deno.env.set("PATH", dir === null ? withoutAz(path) : `${dir}:${path}`);
  try {
    await run();
  } finally {
    Deno.env.set("PATH", path);
  }
}

function withoutAz(path: string): string {
  return path.split(":").filter((folder) => !holdsAz(folder)).join(":");
}

function holdsAz(folder: string): boolean {
  try {
    return Deno.statSync(`${folder}/az`).isFile;
  } catch {
    return false;
  }
}
