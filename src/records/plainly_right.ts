import type * as z from "zod";

/** Tells for certain that a value fits; `false` means only that the schema has to be asked. */
export type Fits = (value: unknown) => boolean;

const never: Fits = () => false;
const always: Fits = () => true;

/**
 * Makes of a schema a test that says yes to what plainly fits, and leaves the rest to the schema, which then names the
 * fault. It makes no copy and takes a fraction of the schema's time: nearly all records fit, and some hold 50,000
 * points. What it does not know of a schema (a check, a kind of type) it never says yes to.
 */
export function plainlyRight(schema: z.core.$ZodType): Fits {
  // The documented way to tell schemas apart: every schema of zod is one of this union.
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.checks !== undefined && def.checks.length > 0) return withCheck(def);
  switch (def.type) {
    case "string":
      return "format" in def ? never : (value) => typeof value === "string";
    case "number":
      return "format" in def ? never : (value) => typeof value === "number" && Number.isFinite(value);
    case "boolean":
      return (value) => typeof value === "boolean";
    case "unknown":
    case "any":
      return always;
    case "literal":
      return oneOf(def.values);
    case "enum":
      return oneOf(Object.values(def.entries));
    case "nullable":
      return orNull(plainlyRight(def.innerType));
    case "optional":
      return plainlyRight(def.innerType);
    case "array":
      return listOf(plainlyRight(def.element));
    case "tuple":
      return def.rest === null ? tupleOf(def.items.map(plainlyRight)) : never;
    case "union":
      return anyOf(def.options.map(plainlyRight));
    case "record":
      return isText(def.keyType) ? mapOf(plainlyRight(def.valueType)) : never;
    case "object":
      return isLoose(def.catchall) ? objectOf(def.shape) : never;
    case "custom":
      return def.fn === undefined ? never : (value) => def.fn(value) === true;
    default:
      return never;
  }
}

/** The checks in use, one a schema: a least length or a pattern of a text, a greatest length of a list. */
function withCheck(schema: z.core.$ZodTypes["_zod"]["def"]): Fits {
  const [first, ...more] = schema.checks ?? [];
  if (first === undefined || more.length > 0) return never;
  // As above: every check of zod is one of this union.
  const check = (first as z.core.$ZodChecks)._zod.def;
  if (schema.type === "array" && check.check === "max_length") {
    const fits = listOf(plainlyRight(schema.element));
    return (value) => Array.isArray(value) && value.length <= check.maximum && fits(value);
  }
  if (schema.type !== "string" || "format" in schema) return never;
  if (check.check === "min_length") {
    return (value) => typeof value === "string" && value.length >= check.minimum;
  }
  if (check.check !== "string_format" || check.format !== "regex" || check.pattern === undefined) {
    return never;
  }
  // A copy: a pattern that remembers where it was must not be shared with the schema.
  const pattern = new RegExp(check.pattern.source, check.pattern.flags.replace(/[gy]/g, ""));
  return (value) => typeof value === "string" && pattern.test(value);
}

function oneOf(values: readonly unknown[]): Fits {
  return (value) => values.includes(value);
}

function orNull(inner: Fits): Fits {
  return (value) => value === null || inner(value);
}

function anyOf(options: readonly Fits[]): Fits {
  return (value) => {
    // No `some`: its closure would be made anew for each number of each point.
    for (const fits of options) if (fits(value)) return true;
    return false;
  };
}

function listOf(element: Fits): Fits {
  return (value) => {
    if (!Array.isArray(value)) return false;
    for (const one of value) if (!element(one)) return false;
    return true;
  };
}

function tupleOf(items: readonly Fits[]): Fits {
  return (value) => {
    if (!Array.isArray(value) || value.length !== items.length) return false;
    for (let i = 0; i < items.length; i++) if (items[i]?.(value[i]) !== true) return false;
    return true;
  };
}

function mapOf(inner: Fits): Fits {
  return (value) => {
    if (!isObject(value)) return false;
    for (const key in value) if (!inner(value[key])) return false;
    return true;
  };
}

function objectOf(shape: Readonly<Record<string, z.core.$ZodType>>): Fits {
  const fields = Object.entries(shape).map(([key, schema]) => ({
    key,
    fits: plainlyRight(schema),
    optional: schema._zod.def.type === "optional",
  }));
  return (value) => {
    if (!isObject(value)) return false;
    for (const { key, fits, optional } of fields) {
      const one = value[key];
      if (one === undefined ? !optional || key in value : !fits(one)) return false;
    }
    return true;
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(schema: z.core.$ZodType): boolean {
  const { def } = schema._zod;
  return def.type === "string" && (def.checks ?? []).length === 0;
}

function isLoose(catchall: z.core.$ZodType | undefined): boolean {
  return catchall?._zod.def.type === "unknown";
}
