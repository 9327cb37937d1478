/**
 * Bundles azml into `dist/`: minified, one chunk a lazily loaded part, so that `azml --help` and the offline stages
 * never parse the Azure SDK. Then makes the bundler's own `createRequire` lazy: as printed it loads `node:module`
 * (30 ms) at every start.
 */

const OUT = "dist";

/** The shim that `deno bundle` 2.9 puts in front of chunks with CommonJS code; the name it binds varies. */
const EAGER_REQUIRE =
  /import\{createRequire as __deno_internal_createRequire\} from "node:module";var ([\w$]+)=__deno_internal_createRequire\(import\.meta\.url\);/g;
const LAZY_REQUIRE =
  'var __req,$1=(s)=>(__req??=process.getBuiltinModule("node:module").createRequire(import.meta.url))(s);';

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

async function makeRequireLazy(): Promise<number> {
  let patched = 0;
  for await (const entry of Deno.readDir(OUT)) {
    if (!entry.name.endsWith(".js")) continue;
    const path = `${OUT}/${entry.name}`;
    const before = await Deno.readTextFile(path);
    const after = before.replace(EAGER_REQUIRE, LAZY_REQUIRE);
    if (after.includes("__deno_internal_createRequire")) {
      throw new Error(`${path}: createRequire shim not made lazy`);
    }
    if (after === before) continue;
    patched += 1;
    await Deno.writeTextFile(path, after);
  }
  return patched;
}

await bundle();
const patched = await makeRequireLazy();
// The shim is not documented: when it is gone, so is the reason for this step, and somebody should look.
if (patched === 0) throw new Error("no createRequire shim was found: has deno bundle changed?");
say(`bundled into ${OUT}/ (${patched} chunks patched)`);
