/**
 * Bundles azml into `dist/`: minified, one chunk a lazily loaded part, so that `azml --help` and the offline stages
 * never parse the Azure SDK. Then mends two things in what the bundler printed: its own `createRequire`, which loads
 * `node:module` (30 ms) at every start, is made lazy, and a lazily loaded chunk is named by an expression: Deno reads
 * whatever a literal `import("...")` names before it runs the first line, all 2 MB of it (50 MB of memory, first start).
 */

const OUT = "dist";

/** The shim that `deno bundle` 2.9 puts in front of chunks with CommonJS code; the name it binds varies. */
const EAGER_REQUIRE =
  /import\{createRequire as __deno_internal_createRequire\} from "node:module";var ([\w$]+)=__deno_internal_createRequire\(import\.meta\.url\);/g;
const LAZY_REQUIRE =
  'var __req,$1=(s)=>(__req??=process.getBuiltinModule("node:module").createRequire(import.meta.url))(s);';

/** A lazily loaded chunk, as printed and as Deno's look at the program does not see it. */
const SEEN_IMPORT = /\bimport\(("\.\/[\w.-]+\.js")\)/g;
const UNSEEN_IMPORT = "import([$1][0])";

interface Mended {
  readonly requires: number;
  readonly imports: number;
}

const say = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(text + "\n"));

async function bundle(): Promise<void> {
  await Deno.remove(OUT, { recursive: true }).catch(() => {});
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: [
      "bundle",
      "--quiet",
      "--minify",
      "--platform",
      "deno",
      "--code-splitting",
      "--outdir",
      OUT,
      "main.ts",
    ],
  }).output();
  if (!success) throw new Error("deno bundle failed");
}

async function mend(): Promise<Mended> {
  const mended = { requires: 0, imports: 0 };
  for await (const entry of Deno.readDir(OUT)) {
    if (!entry.name.endsWith(".js")) continue;
    const path = `${OUT}/${entry.name}`;
    const before = await Deno.readTextFile(path);
    const lazy = before.replace(EAGER_REQUIRE, LAZY_REQUIRE);
    if (lazy.includes("__deno_internal_createRequire")) {
      throw new Error(`${path}: createRequire shim not made lazy`);
    }
    if (lazy !== before) mended.requires += 1;
    mended.imports += lazy.match(SEEN_IMPORT)?.length ?? 0;
    const after = lazy.replace(SEEN_IMPORT, UNSEEN_IMPORT);
    if (after !== before) await Deno.writeTextFile(path, after);
  }
  return mended;
}

await bundle();
const { requires, imports } = await mend();
// Neither is documented: when one is gone, so is the reason for its step, and somebody should look.
if (requires === 0) throw new Error("no createRequire shim was found: has deno bundle changed?");
if (imports === 0) throw new Error("no lazily loaded chunk was found: has deno bundle changed?");
say(`bundled into ${OUT}/ (${requires} chunks patched, ${imports} lazy imports)`);
