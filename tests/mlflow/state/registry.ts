/** A version of a registered model. */
export interface ModelVersion {
  readonly version: number;
  readonly created: number;
  updated: number;
  readonly source: string;
  readonly runId: string;
  readonly runLink: string;
  readonly modelId: string;
  description: string;
  stage: string;
  readonly tags: Map<string, string>;
}

/** A registered model with its versions. */
export interface RegisteredModel {
  name: string;
  readonly created: number;
  updated: number;
  description: string;
  readonly tags: Map<string, string>;
  /** Alias to version. */
  readonly aliases: Map<string, number>;
  readonly versions: Map<number, ModelVersion>;
  /** The number of the next version: none is ever given twice. */
  next: number;
}

/** A registered model without versions. */
export function newModel(name: string, description: string, now: number): RegisteredModel {
  return {
    name,
    created: now,
    updated: now,
    description,
    tags: new Map(),
    aliases: new Map(),
    versions: new Map(),
    next: 1,
  };
}

/** Adds a version under the next number. */
export function addVersion(
  model: RegisteredModel,
  seed: Partial<Omit<ModelVersion, "version" | "tags">> & { readonly source: string },
  now: number,
): ModelVersion {
  const version: ModelVersion = {
    created: now,
    updated: now,
    runId: "",
    runLink: "",
    modelId: "",
    description: "",
    stage: "None",
    ...seed,
    version: model.next++,
    tags: new Map(),
  };
  model.versions.set(version.version, version);
  model.updated = now;
  return version;
}
