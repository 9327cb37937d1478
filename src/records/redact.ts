import { cleanKeys } from "./clean_keys.ts";
import { isJsonObject, type JsonValue } from "./json.ts";
import { parseLine } from "./parse_line.ts";
import { judgeName, type NameVerdict, tellsShape } from "./secret_names.ts";
import { REDACTED, redactText } from "./secret_texts.ts";

/** A value without its secrets, and where they were. */
export interface Redacted<T> {
  /** The very same object when nothing was replaced; unchanged parts are shared with it. */
  readonly value: T;
  /** Paths with dots, e.g. `definition.environmentVariables.KEY` or `inputs.files.0.uri`, in the order met. */
  readonly redacted: string[];
}

/** How the values of a field are looked at: by names and by texts, by texts alone, or not at all. */
type Look = "all" | "texts" | "none";

/** Fields of a record that are not looked at as the rest: identity, numbers, and rows that are data of the user. */
const FIELD_LOOKS: ReadonlyMap<string, Look> = new Map([
  ...[
    "kind",
    "v",
    "id",
    "source",
    "parent",
    "root",
    "metrics",
    "more_points",
    "points",
    "artifacts",
    "redacted",
  ]
    .map((field): [string, Look] => [field, "none"]),
  ["tables", "texts"],
]);

/** JSON inside a string is looked into up to this length; longer ones are looked at as text. */
const EMBEDDED = 1 << 20;

/**
 * Takes the secrets out of a job (or any record): values of fields that name a secret, all values of environment
 * variables at any depth, and inside texts the signature of a SAS, keys of connection strings, tokens and passwords.
 * JSON inside a string is looked into, too. A secret in the name of a field (a tag called by the URL of a SAS) goes out
 * of the name, and the path that is told is that of the new name. What is `"<redacted>"` already is not named again.
 */
export function redactJob<T extends object>(record: T): Redacted<T> {
  const walk = new Walk();
  const changes: [string, JsonValue][] = [];
  for (const [field, value] of Object.entries(record)) {
    const look = FIELD_LOOKS.get(field) ?? "all";
    if (look === "none") continue;
    const clean = walk.named(field, value, [field], look);
    if (clean !== value) changes.push([field, clean]);
  }
  const value = changes.length === 0 ? record : { ...record, ...Object.fromEntries(changes) };
  return { value, redacted: walk.redacted };
}

/** Why a value is hidden: it decides what is harmless all the same. */
type Hiding = Exclude<NameVerdict, "plain">;

class Walk {
  readonly redacted: string[] = [];

  /** Cleans the value of a field, judged by its name. */
  named(name: string, value: JsonValue, path: readonly string[], look: Look): JsonValue {
    const verdict = look === "all" ? judgeName(name) : "plain";
    return verdict === "plain" ? this.#plain(value, path, look) : this.#hide(value, path, verdict);
  }

  #plain(value: JsonValue, path: readonly string[], look: Look): JsonValue {
    if (typeof value === "string") return this.#text(value, path, look);
    return this.#each(value, path, (name, one) => {
      const at = [...path, name];
      return Array.isArray(value) ? this.#plain(one, at, look) : this.named(name, one, at, look);
    });
  }

  #text(text: string, path: readonly string[], look: Look): JsonValue {
    const inner = look === "all" ? embedded(text) : null;
    if (inner !== null) {
      const clean = this.#plain(inner, path, look);
      return clean === inner ? text : JSON.stringify(clean);
    }
    const clean = redactText(text);
    if (clean !== text) this.#tell(path);
    return clean;
  }

  /** Hides every text and number in a value but what tells only of a secret object's shape. */
  #hide(value: JsonValue, path: readonly string[], why: Hiding): JsonValue {
    if (typeof value === "object") {
      return this.#each(value, path, (name, one) => {
        const at = [...path, name];
        return why !== "environment" && tellsShape(name)
          ? this.#plain(one, at, "texts")
          : this.#hide(one, at, why);
      });
    }
    if (hidesNothing(value, why)) return value;
    this.#tell(path);
    return REDACTED;
  }

  /** Goes through an array or object; answers the very same one when nothing changed. */
  #each(
    value: JsonValue,
    path: readonly string[],
    visit: (name: string, one: JsonValue) => JsonValue,
  ): JsonValue {
    if (Array.isArray(value)) {
      const clean = value.map((one, i) => visit(String(i), one));
      return clean.some((one, i) => one !== value[i]) ? clean : value;
    }
    if (!isJsonObject(value)) return value;
    const given = Object.entries(value);
    const before = given.map(([name]) => name);
    const names = cleanKeys(before);
    let changed = names !== before;
    const clean = given.map(([given, one], i): [string, JsonValue] => {
      const name = names[i] ?? given;
      if (name !== given) this.#tell([...path, name]);
      const next = visit(name, one);
      changed ||= next !== one;
      return [name, next];
    });
    return changed ? Object.fromEntries(clean) : value;
  }

  #tell(path: readonly string[]): void {
    const place = path.join(".");
    // A name and its value may both hold a secret; they stand one behind the other.
    if (this.redacted.at(-1) !== place) this.redacted.push(place);
  }
}

/** Whether a value under a secret name is none: a switch, empty, a placeholder of a pipeline, the number of a `token`. */
function hidesNothing(value: string | number | boolean, why: Hiding): boolean {
  if (value === REDACTED) return true;
  if (why === "environment") return false;
  if (typeof value === "boolean" || value === "") return true;
  if (why === "token" && /^\d+(?:\.\d+)?$/.test(String(value))) return true;
  return /^\$\{\{[^}]*\}\}$/.test(String(value));
}

/** The JSON object or array that a text is, or null. */
function embedded(text: string): JsonValue {
  const first = text.charAt(0);
  if ((first !== "{" && first !== "[") || text.length > EMBEDDED) return null;
  try {
    const value = parseLine(text);
    return isJsonObject(value) || Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
