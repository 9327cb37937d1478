/**
 * Rehearses `deno task compile` where the base binary cannot be downloaded, with the plain `deno` as a stand-in: the
 * whole build step runs (graph, embedding, the written file). It proves that the build works and that the binary holds
 * every chunk of `dist/` and nothing else; the result is a plain `deno` with a payload and is not run.
 */

const say = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(text + "\n"));

async function chunks(): Promise<string[]> {
  const names: string[] = [];
  for await (const entry of Deno.readDir("dist")) names.push(entry.name);
  return names;
}

async function compile(): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "scripts/compile.ts"],
    env: { DENORT_BIN: Deno.execPath(), NO_COLOR: "1" },
  }).output();
  const words = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  if (!success) throw new Error(`compile failed:\n${words}`);
  return words;
}

/** The tree of embedded files that Deno printed, without the root. */
function embedded(words: string): string[] {
  const tree = words.slice(words.indexOf("Embedded Files"));
  return [...tree.matchAll(/[├└]──\s+(\S+)/g)].map(([, path = ""]) => path);
}

/** Names of chunks that the binary does not hold. */
async function missing(binary: string, names: readonly string[]): Promise<string[]> {
  const bytes = new TextDecoder("latin1").decode(await Deno.readFile(binary));
  return names.filter((name) => !bytes.includes(name));
}

const names = await chunks();
if (!names.includes("main.js")) throw new Error("dist/ holds no bundle: run deno task bundle first");
const listed = embedded(await compile());
if (listed.length === 0 || listed.some((path) => !path.startsWith("dist"))) {
  throw new Error(`embedded should be dist/ alone, and is: ${listed.join(", ") || "nothing"}`);
}
const lost = await missing("build/local/azml", names);
if (lost.length > 0) throw new Error(`not in the binary: ${lost.join(", ")}`);
say(`compile rehearsed: ${names.length} files of dist/ are embedded, and nothing else`);
