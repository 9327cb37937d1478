/**
 * `deno task bench`: what azml costs, as ratios of one run against a peer or a physical limit, each with its goal. It
 * runs the bundle as users do, and builds it when it is stale. Never a test: a busy machine would fail it. Words on the
 * command line pick figures by name (`deno task bench speed start`); `stages` takes minutes and `mlflow` installs Python
 * packages: both have to be asked for.
 */
import { bundleIfStale } from "./bench/azml.ts";
import { calls } from "./bench/calls.ts";
import type { Figure } from "./bench/figure.ts";
import { latency } from "./bench/latency.ts";
import { memory } from "./bench/memory.ts";
import { mlflow } from "./bench/mlflow.ts";
import { mlflowMemory } from "./bench/mlflow_memory.ts";
import { speed } from "./bench/speed.ts";
import { stages } from "./bench/stages.ts";
import { startUp } from "./bench/start_up.ts";

const FIGURES: Readonly<Record<string, (folder: string) => Promise<Figure | readonly Figure[]>>> = {
  speed,
  start: startUp,
  calls,
  latency,
  memory,
  stages,
  mlflow,
  mlflow_memory: mlflowMemory,
};

/** Measured only when it is named. */
const SLOW = ["stages", "mlflow", "mlflow_memory"];

const say = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(text + "\n"));

function table(figures: readonly Figure[]): string {
  const rows = figures.map(({ what, measured, goal, met }) => [
    what,
    measured ?? "not measured",
    goal,
    measured === null ? "-" : met ? "met" : "short",
  ]);
  const all = [["what", "measured", "goal", "verdict"], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd())
    .join("\n");
}

function shortcomings(figures: readonly Figure[]): string {
  const short = figures.filter(({ measured, met }) => measured === null || !met);
  if (short.length === 0) return "Every goal is met.";
  return short.map(({ what, reason }) => `${what}\n  ${reason}`).join("\n");
}

async function main(wanted: readonly string[]): Promise<number> {
  const unknown = wanted.filter((name) => !(name in FIGURES));
  if (unknown.length > 0) {
    say(`no figure ${unknown.join(", ")}: one of ${Object.keys(FIGURES).join(", ")}`);
    return 2;
  }
  const started = performance.now();
  await bundleIfStale();
  const folder = await Deno.makeTempDir({ prefix: "azml-bench-" });
  const figures: Figure[] = [];
  try {
    for (const [name, measure] of Object.entries(FIGURES)) {
      if (wanted.length > 0 ? !wanted.includes(name) : SLOW.includes(name)) continue;
      say(`measuring ${name} ...`);
      figures.push(...[await measure(folder)].flat());
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  say(`\n${table(figures)}\n\n${shortcomings(figures)}`);
  say(`\nTook ${((performance.now() - started) / 1000).toFixed(0)} s.`);
  if (wanted.length === 0) {
    say("All four stages on 10,000 jobs and on a million points: deno task bench stages");
    say("20,000 runs and a million points between MLflow servers: deno task bench mlflow_memory");
    say("Against mlflow-export-import, on real servers: deno task bench mlflow");
  }
  return 0;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
