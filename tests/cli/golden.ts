import assert from "node:assert/strict";
import { Shell } from "../e2e/shell.ts";

const FOLDER = new URL("./golden/", import.meta.url);
const UPDATE = Deno.env.get("AZML_UPDATE_GOLDENS") === "1";

/** A line of the shell and the file in `golden/` that holds what it prints. */
export interface Golden {
  readonly file: string;
  readonly line: string;
}

/**
 * Tests that each line prints what its file holds: stdout, stderr and exit code, to the byte (the version aside).
 * `AZML_UPDATE_GOLDENS=1 deno test -A tests/cli` writes the files anew; then look at what git says of them.
 */
export function testGoldens(goldens: readonly Golden[]): void {
  for (const { file, line } of goldens) {
    Deno.test(`${line} prints golden/${file}`, async () => {
      await using shell = await Shell.make();
      const { code, stdout, stderr } = await shell.run(line);
      const printed = withoutVersion(`$ ${line}\n[exit ${code}]\n[stdout]\n${stdout}[stderr]\n${stderr}`);
      const path = new URL(file, FOLDER);
      if (UPDATE) await Deno.writeTextFile(path, printed);
      assert.equal(printed, await Deno.readTextFile(path));
    });
  }
}

/** Goldens do not change with every release. */
function withoutVersion(text: string): string {
  return text.replaceAll(/\bazml \d+\.\d+\.\d+\S*/g, "azml <version>");
}
