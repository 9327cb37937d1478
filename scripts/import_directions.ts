/**
 * Who may import whom, and which packages, in `src/`: the walls of the house. Run by `deno task check`; prints each
 * import that goes the wrong way and exits 1.
 */
import { brokenWalls } from "./house_walls.ts";

async function* sourceFiles(dir: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(dir)) {
    const path = `${dir}/${entry.name}`;
    if (entry.isDirectory) yield* sourceFiles(path);
    else if (entry.name.endsWith(".ts")) yield path;
  }
}

let wrong = 0;
for await (const path of sourceFiles("src")) {
  for (const what of brokenWalls(path.replace(/^src\//, ""), await Deno.readTextFile(path))) {
    await Deno.stderr.write(new TextEncoder().encode(`${path} ${what}\n`));
    wrong++;
  }
}
Deno.exit(wrong > 0 ? 1 : 0);
