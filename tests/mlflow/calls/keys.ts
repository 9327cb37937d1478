import { invalid } from "../mlflow_error.ts";

const ALLOWED = /^[\p{L}\p{N}_\-.: /]+$/u;
const MOST = 250;

/** Refuses names of metrics, params and tags as MLflow does. `shown` is the field's path (`params[1].key`). */
export function checkKey(key: string, shown: string): void {
  if (key.length > MOST) throw invalid(`'${shown}' exceeds the maximum length of ${MOST} characters`);
  if (!ALLOWED.test(key)) {
    throw invalid(
      `Invalid value "${key}" for parameter '${shown}' supplied: Names may only contain alphanumerics, ` +
        "underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).",
    );
  }
  if (key.startsWith("/") || key !== resolved(key) || key.startsWith("..")) {
    throw invalid(
      `Invalid value "${key}" for parameter '${shown}' supplied: Names may be treated as files in certain cases, ` +
        `and must not resolve to other names when treated as such. This name would resolve to '${
          resolved(key)
        }'`,
    );
  }
}

function resolved(key: string): string {
  const parts: string[] = [];
  for (const part of key.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else parts.push(part);
  }
  return parts.join("/") || ".";
}
