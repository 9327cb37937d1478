import type { JsonObject, JsonValue } from "../../../src/records/json.ts";
import { isJsonObject } from "../../../src/records/json.ts";
import type { Context } from "../router.ts";
import type { AssetKind } from "../state.ts";
import { guidFrom } from "../state/guid.ts";

/** How one kind of asset differs from the others. */
export interface AssetRules {
  /** The answer's `properties` for a PUT body's. */
  readonly shape: (properties: JsonObject) => JsonObject;
  /** The version that the service keeps for what was PUT to another. */
  readonly version?: (context: Context, version: string, properties: JsonObject) => string;
  /** The field that may not change once it is there. */
  readonly fixed?: string;
}

/** The five kinds (Azure ML ARM: published schemas, recorded answers of components and codes). */
export const assetKinds: Readonly<Record<AssetKind, AssetRules>> = {
  components: {
    shape: (sent) => ({
      ...base(sent),
      isAnonymous: sent.isAnonymous === true,
      componentSpec: spec(sent.componentSpec),
    }),
    version: anonymousVersion,
  },
  environments: {
    shape: (sent) => ({
      ...base(sent),
      isAnonymous: sent.isAnonymous === true,
      image: null,
      condaFile: null,
      build: null,
      osType: "Linux",
      inferenceConfig: null,
      autoRebuild: "Disabled",
      stage: null,
      ...mine(sent),
      environmentType: "UserCreated",
    }),
  },
  data: {
    shape: (sent) => ({ ...base(sent), isAnonymous: sent.isAnonymous === true, ...mine(sent) }),
    fixed: "dataUri",
  },
  models: {
    shape: (sent) => ({
      ...base(sent),
      isAnonymous: false,
      jobName: null,
      stage: null,
      modelType: "custom_model",
      ...mine(sent),
      flavors: isJsonObject(sent.flavors) ? sent.flavors : {},
    }),
    fixed: "modelUri",
  },
  codes: {
    shape: (sent) => ({ ...base(sent), isAnonymous: false, codeUri: sent.codeUri ?? null }),
    fixed: "codeUri",
  },
};

function base(sent: JsonObject): JsonObject {
  return {
    description: sent.description ?? null,
    tags: isJsonObject(sent.tags) ? sent.tags : {},
    properties: isJsonObject(sent.properties) ? texts(sent.properties) : {},
    isArchived: sent.isArchived === true,
  };
}

/** What was sent, but for the fields that {@linkcode base} shapes. */
function mine(sent: JsonObject): JsonObject {
  const { description: _d, tags: _t, properties: _p, isArchived: _a, isAnonymous: _n, ...rest } = sent;
  return rest;
}

/** Values of a property bag are strings whatever was sent (`202208` comes back as `"202208"`). */
function texts(bag: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(bag).map(([key, value]) => [key, textOf(value)]));
}

/** A component's spec as answered: booleans and numbers are texts, ids of ARM have a prefix. */
function spec(value: JsonValue | undefined): JsonValue {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.map((item) => spec(item));
  if (isJsonObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, spec(item)]));
  }
  const text = textOf(value);
  return text.startsWith("azureml:/subscriptions/") || !text.startsWith("/subscriptions/")
    ? text
    : `azureml:${text}`;
}

function textOf(value: JsonValue): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The same anonymous component always has the same version, whichever guid it was PUT to (recorded). */
function anonymousVersion(context: Context, version: string, sent: JsonObject): string {
  if (sent.isAnonymous !== true && context.params.name !== "azureml_anonymous") return version;
  return guidFrom(`${context.workspace.facts.guid}/${JSON.stringify(sent.componentSpec ?? null)}`);
}
