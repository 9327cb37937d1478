import type * as z from "zod";
import type { Failure } from "../records/failure.ts";
import { configFailure, type ConfigText } from "./config_text.ts";
import { nearestWord } from "./nearest_word.ts";

/** Words for the types that a schema may want. */
const TYPES: Readonly<Record<string, string>> = {
  string: "text in quotes",
  object: "an object in { }",
  record: "an object in { }",
};

/** The failure that the first issue of a schema means: one line with file, line, key and remedy. */
export function configFault(config: ConfigText, issue: z.core.$ZodIssue, keys: readonly string[]): Failure {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") return unknownKey(config, path, issue.keys[0] ?? "", keys);
  const key = path.join(".");
  const at = config.place(key);
  if (issue.code === "invalid_type" && issue.input === undefined && !hasKey(config.value, path)) {
    // A key that is not there has no line of its own: that of the object it belongs to.
    const place = config.place(path.slice(0, -1).join("."));
    return configFailure(`${place}: "${key}" is missing; add "${path.at(-1)}": "..."`, "config_missing_key");
  }
  if (key === "") return configFailure(`${at}: a config is an object in { }`, "bad_config");
  return configFailure(`${at}: "${key}" ${complaint(issue)}`, "config_bad_value");
}

function unknownKey(config: ConfigText, path: string[], key: string, keys: readonly string[]): Failure {
  const full = [...path, key].join(".");
  const siblings = keys.filter((one) => one.startsWith(path.map((part) => `${part}.`).join("")))
    .map((one) => one.split(".")[path.length] ?? "");
  const near = nearestWord(key, siblings);
  const remedy = near === null ? `known are ${[...new Set(siblings)].join(", ")}` : `did you mean "${near}"?`;
  return configFailure(`${config.place(full)}: unknown key "${full}"; ${remedy}`, "config_unknown_key");
}

function complaint(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `must be ${TYPES[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return `must be one of ${issue.values.map((value) => `"${String(value)}"`).join(", ")}`;
    case "custom":
      return issue.message;
    default:
      return `cannot be used: ${issue.message}`;
  }
}

function hasKey(value: unknown, path: readonly string[]): boolean {
  const [key, ...rest] = path;
  if (key === undefined) return true;
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return false;
  return hasKey(Reflect.get(value, key), rest);
}
