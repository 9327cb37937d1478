import type { Stream } from "../records/item.ts";
import { extract, type ExtractOptions } from "./extract.ts";
import type { Source, StageContext, Target } from "./ports.ts";
import { submit } from "./submit.ts";
import type { SubmitOptions } from "./submit_options.ts";

/** What to read, and how to carry it out. */
export interface ReplayOptions {
  readonly extract: ExtractOptions;
  readonly submit: SubmitOptions;
}

/**
 * Extracts, plans and submits in one process: the very stages that a pipe would run, without the text between them.
 * Its records are those of `submit`, whose `end` names what was extracted in `upstream`.
 */
export function replay(source: Source, target: Target, options: ReplayOptions, ctx: StageContext): Stream {
  return submit(extract(source, options.extract, ctx), target, options.submit, ctx);
}
