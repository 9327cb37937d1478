import { isJsonObject, type JsonObject, type JsonValue } from "../../../src/records/json.ts";

/** Fields that a server fills from its clock or with a name that it draws. */
const OWN_FIELDS = new Set([
  "creation_time",
  "last_update_time",
  "creation_timestamp",
  "last_updated_timestamp",
  "creation_timestamp_ms",
  "last_updated_timestamp_ms",
]);

/** Names that a server draws: `adjective-noun-number`. */
const DRAWN_NAME = /\b[a-z]+-[a-z]+-\d{1,3}\b/g;

/** An answer with ids, times and places blanked, and lists of keys in the order of their keys. */
export function plainAnswer(value: JsonValue, kept: ReadonlyMap<string, string>, base: string): JsonValue {
  const long = [...kept].filter(([name, id]) => id.length >= 8 && name !== "page").sort((a, b) =>
    b[1].length - a[1].length
  );
  const text = (one: string): string => {
    let blank = one.replaceAll(base, "<server>");
    for (const [name, id] of long) blank = blank.replaceAll(id, `<${name}>`);
    return blank.replaceAll(/\b(mlflow-artifacts:\/|artifacts\/)\d+(?=\/|$)/g, "$1<n>")
      .replaceAll(/(file:\/\/)?\/[^\s'",]*?\/root(?=[/'"]|$)/g, "<root>")
      .replaceAll(/<root>\/\d+(?=\/|$)/g, "<root>/<n>")
      .replaceAll(/\bm-[0-9a-f]{32}\b/g, "<m>")
      .replaceAll(/\b[0-9a-f]{32}\b/g, (hex) => hex.startsWith("0123456789") ? hex : "<hex>");
  };
  return walk(value, "", { text, kept });
}

interface Blanks {
  readonly text: (one: string) => string;
  readonly kept: ReadonlyMap<string, string>;
}

function walk(value: JsonValue, field: string, blanks: Blanks): JsonValue {
  if (OWN_FIELDS.has(field) && (typeof value === "number" || typeof value === "string")) return "<time>";
  if (field === "next_page_token") return "<token>";
  if (field === "experiment_id") return experimentId(String(value), blanks.kept);
  if (field === "run_name" || field === "message") {
    return drawn(blanks.text(String(value)), field, blanks.kept);
  }
  if (typeof value === "string") return blanks.text(value);
  if (Array.isArray(value)) return sorted(value.map((item) => walk(item, "", blanks)));
  if (!isJsonObject(value)) return value;
  const isDrawn = value.key === "mlflow.runName" && typeof value.value === "string";
  const entries = Object.entries(value).map(([key, item]) => [key, walk(item, key, blanks)] as const);
  const object: JsonObject = Object.fromEntries(entries);
  if (isDrawn) object.value = drawn(String(object.value), "run_name", blanks.kept);
  return object;
}

function experimentId(id: string, kept: ReadonlyMap<string, string>): string {
  for (const [name, value] of kept) if (value === id) return `<${name}>`;
  return id;
}

function drawn(text: string, field: string, kept: ReadonlyMap<string, string>): string {
  if (field === "run_name") return text.replaceAll(DRAWN_NAME, "<drawn>");
  let blank = text.replace(/\((raised as a result|sqlite3\.)[^]*$/, "<database>")
    .replace(/Valid keys are [^]*$/, "Valid keys are <any order>")
    .replace(/^The experiment \d+ must/, "The experiment <n> must");
  for (const [name, id] of kept) {
    if (id.length < 8) {
      blank = blank.replaceAll(new RegExp(`\\b(ID|id=|id:?) ?'?${id}\\b'?`, "g"), `$1 <${name}>`);
    }
  }
  return blank;
}

/** Tags, params and metrics come from a database in any order. */
function sorted(list: JsonValue[]): JsonValue[] {
  const key = (item: JsonValue) => isJsonObject(item) && typeof item.key === "string" ? item.key : null;
  if (list.length === 0 || list.some((item) => key(item) === null)) return list;
  return list.sort((left, right) =>
    (key(left) ?? "") < (key(right) ?? "") ? -1 : key(left) === key(right) ? 0 : 1
  );
}
