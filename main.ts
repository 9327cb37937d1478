import { runCli } from "./src/cli/app.ts";
import { processIo } from "./src/cli/io.ts";

if (import.meta.main) Deno.exit(await runCli(Deno.args, processIo()));
