// @ts-types="./types/jsonc.d.ts"
import { parse } from "@std/jsonc";
import { Failure } from "../records/failure.ts";

/** A parsed config file that can still tell where its keys are. */
export interface ConfigText {
  readonly value: unknown;
  /** `source.json:3` for a key (its path, joined by dots; "" for the whole), else the file alone. */
  place(key: string): string;
}

/** Parses JSONC. Throws `Failure` (usage) that names file and line. */
export function parseConfigText(file: string, text: string): ConfigText {
  const clean = text.replace(/^\uFEFF/, "");
  const lines = keyLines(clean);
  const place = (key: string) => lines.has(key) ? `${file}:${lines.get(key)}` : file;
  try {
    return { value: parse(clean), place };
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof TypeError)) throw error;
    const said = error.message.replace(/^Cannot parse JSONC: /, "").replace(/ in JSONC at position \d+$/, "")
      .replaceAll('""', '"');
    const position = /at position (\d+)$/.exec(error.message)?.[1];
    const line = lineAt(clean, position === undefined ? clean.length : Number(position));
    throw configFailure(`${file}:${line}: ${said}; the file must be JSON, comments are allowed`, "bad_jsonc");
  }
}

/** A config that cannot be used: one line that says where, what, and what to do. */
export function configFailure(message: string, code: string): Failure {
  return new Failure(message, { code, reach: "usage", retryable: false });
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

/** Strings, comments and signs: what is needed to follow where in a JSONC text one is. */
const TOKEN = /"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\/|[{}[\]:]/g;

/** Line of each key, by its path, and of the brace that opens it all. */
function keyLines(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  const path: string[] = [];
  let depth = 0;
  let last = { text: '""', offset: 0 };
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token.startsWith('"')) last = { text: token, offset: index };
    if (token === "{" && depth === 0) lines.set("", lineAt(text, index));
    if (token === "{" || token === "[") path[depth++] = "";
    if (token === "}" || token === "]") path.length = depth = Math.max(0, depth - 1);
    if (token === ":" && depth > 0) {
      path[depth - 1] = last.text.slice(1, -1);
      lines.set(path.join("."), lineAt(text, last.offset));
    }
  }
  return lines;
}
