import type { JsonObject } from "../../../src/records/json.ts";
import type { Series } from "./series.ts";

/** Everything of a run beside its info. */
export interface RunData {
  readonly params: Map<string, string>;
  readonly tags: Map<string, string>;
  readonly metrics: Map<string, Series>;
  readonly datasets: JsonObject[];
  readonly modelInputs: string[];
  readonly modelOutputs: { readonly model_id: string; readonly step: number }[];
}

/** What a run is made of. */
export interface RunSeed {
  readonly id: string;
  readonly experimentId: string;
  readonly name: string;
  readonly user: string;
  /** Milliseconds. */
  readonly start: number;
  readonly end?: number | null;
  readonly status?: string;
  readonly artifactUri: string;
}

/** A run. What a generated run holds is worked out when it is first asked for. */
export class Run {
  readonly id: string;
  readonly experimentId: string;
  readonly artifactUri: string;
  readonly user: string;
  name: string;
  start: number;
  status: string;
  end: number | null;
  deleted = false;
  readonly #fill: () => RunData;
  #data: RunData | null = null;

  constructor(seed: RunSeed, fill: () => RunData = emptyData) {
    this.id = seed.id;
    this.experimentId = seed.experimentId;
    this.artifactUri = seed.artifactUri;
    this.user = seed.user;
    this.name = seed.name;
    this.start = seed.start;
    this.status = seed.status ?? "RUNNING";
    this.end = seed.end ?? null;
    this.#fill = fill;
  }

  get data(): RunData {
    return this.#data ??= this.#fill();
  }
}

/** A run that holds nothing. */
export function emptyData(): RunData {
  return {
    params: new Map(),
    tags: new Map(),
    metrics: new Map(),
    datasets: [],
    modelInputs: [],
    modelOutputs: [],
  };
}

/** A fresh id: 32 hexadecimal digits. */
export function newId(): string {
  return crypto.randomUUID().replaceAll("-", "");
}
