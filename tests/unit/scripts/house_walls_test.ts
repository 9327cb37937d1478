import assert from "node:assert/strict";
import { brokenWalls } from "../../../scripts/house_walls.ts";

const CASES: readonly [file: string, line: string, broken: readonly RegExp[]][] = [
  ["stages/plan.ts", 'import { a } from "../records/a.ts";', []],
  ["stages/plan.ts", 'import { a } from "./a.ts";', []],
  ["stages/plan.ts", 'import type { a } from "../azure/a.ts";', [/^imports azure\/a\.ts/]],
  ["stages/plan.ts", 'const a = await import("../archive/spool.ts");', [/^imports archive\/spool\.ts/]],
  ["records/a.ts", 'import "../stages/a.ts";', [/^imports stages\/a\.ts: it may import nothing/]],
  ["azure/a.ts", 'import type { Source } from "../stages/ports.ts";', []],
  ["azure/a.ts", 'import { a } from "../stages/window.ts";', [/^imports stages\/window\.ts/]],
  ["cli/endpoints.ts", 'await import("../azure/source.ts")', []],
  ["cli/config.ts", 'import { CLOUDS } from "../azure/clouds.ts";', []],
  ["cli/config.ts", 'import { a } from "../azure/source.ts";', [/^imports azure\/source\.ts/]],
  ["cli/endpoints_more.ts", 'import { a } from "../azure/source.ts";', [/^imports azure\/source\.ts/]],
  ["cli/run_stage.ts", 'import { spoolMaker } from "../archive/spool.ts";', []],
  ["cli/run_stage.ts", 'import { a } from "../archive/other.ts";', [/^imports archive\/other\.ts/]],
  ["cli/app.ts", 'import { spoolMaker } from "../archive/spool.ts";', [/^imports archive\/spool\.ts/]],
  ["cli/app.ts", 'import { a } from "../journal/a.ts";', [/^imports journal\/a\.ts/]],
  ["cli/version.ts", 'import config from "../../deno.json" with { type: "json" };', []],
  ["cli/version.ts", 'import { a } from "../../scripts/a.ts";', [/^imports \/scripts\/a\.ts/]],
  ["cli/app.ts", 'import { run } from "@stricli/core";', []],
  ["stages/a.ts", 'import { run } from "@stricli/core";', [/^imports @stricli\/core: only cli may$/]],
  ["blob/a.ts", 'import type { A } from "@azure/storage-blob";', []],
  ["records/a.ts", 'type Sdk = typeof import("@azure/identity");', [/^imports @azure\/identity: only wire/]],
  ["cli/a.ts", 'import("@azure/identity")', [/^imports @azure\/identity/]],
  ["records/a.ts", 'import { z } from "zod";', []],
  ["blob/a.ts", 'import { z } from "zod";', [/^imports zod/]],
  ["wire/line.ts", 'import { Agent } from "node:http";', []],
  ["cli/a.ts", 'import { readFile } from "node:fs/promises";', [
    /^imports node:fs\/promises: only wire, blob may/,
  ]],
  ["wire/a.ts", 'import a from "npm:left-pad@1";', [/^imports npm:left-pad@1: no room may/]],
  ["stages/a.ts", "const home = Deno.env;", [/^touches the process/]],
  ["cli/a.ts", "const home = Deno.env;", []],
  ["attic/a.ts", "", [/no known room/]],
];

for (const [file, line, broken] of CASES) {
  Deno.test(`${broken.length === 0 ? "right" : "wrong"}: ${file} with ${line}`, () => {
    const found = brokenWalls(file, line);
    assert.equal(found.length, broken.length, found.join("; "));
    for (const [i, what] of broken.entries()) assert.match(found[i] ?? "", what);
  });
}
