import { isJsonObject, type JsonObject, type JsonValue } from "../records/json.ts";
import { parseServiceJson } from "../wire/service_json.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const COMMA = 0x2c;

/**
 * Reads a flat answer `{"<key>": [item, item, ...], "other": ...}` piece by piece, so that a list of any length passes
 * in little memory: MLflow 2.x answers all points of a metric in one body. Feed it the text in whatever pieces it
 * comes; each call answers the items that are whole by then. The rest (all but the list's items) is told by `end`.
 * Items are parsed with the rules of `parseServiceJson`. Throws `SyntaxError` for what is no such answer.
 */
export class JsonList {
  readonly #key: string;
  /** The answer without the items of its list. */
  #rest = "";
  /** Text of items that have not been parsed yet. */
  #held = "";
  #depth = 0;
  #inString = false;
  #escaped = false;
  #inList = false;
  #isRead = false;

  constructor(key: string) {
    this.#key = key;
  }

  /** Takes the next piece of text, and answers the items that are whole now. */
  add(text: string): readonly JsonValue[] {
    const items: JsonValue[] = [];
    let from = 0;
    /** Behind the last item that is whole. */
    let whole = -1;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (this.#inString) {
        this.#string(code);
        continue;
      }
      if (code === QUOTE) this.#inString = true;
      else if (code === OPEN_OBJECT || code === OPEN_LIST) {
        this.#depth++;
        if (code !== OPEN_LIST || this.#depth !== 2 || !this.#isHere(text.slice(from, at))) continue;
        this.#rest += text.slice(from, at + 1);
        from = at + 1;
        this.#inList = true;
      } else if (code === CLOSE_OBJECT || code === CLOSE_LIST) {
        this.#depth--;
        if (!this.#inList || this.#depth !== 1) continue;
        this.#take(text.slice(from, at), items);
        from = at;
        whole = -1;
        this.#inList = false;
        this.#isRead = true;
      } else if (code === COMMA && this.#inList && this.#depth === 2) whole = at;
    }
    if (!this.#inList) this.#rest += text.slice(from);
    else if (whole >= from) {
      this.#take(text.slice(from, whole), items);
      this.#held = text.slice(whole + 1);
    } else this.#held += text.slice(from);
    return items;
  }

  /** What the answer says beside its list. Throws `SyntaxError` when the text ended too early. */
  end(): JsonObject {
    const rest = parseServiceJson(this.#rest);
    if (isJsonObject(rest)) return rest;
    throw new SyntaxError("the answer is no JSON object");
  }

  #string(code: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (code === BACKSLASH) this.#escaped = true;
    else if (code === QUOTE) this.#inString = false;
  }

  /** Whether the list that opens behind this text is the wanted one. */
  #isHere(before: string): boolean {
    if (this.#isRead) return false;
    const text = this.#rest + before;
    return new RegExp(`[{,]\\s*${JSON.stringify(this.#key)}\\s*:\\s*$`).test(
      text.slice(-this.#key.length - 200),
    );
  }

  #take(text: string, items: JsonValue[]): void {
    const all = this.#held + text;
    this.#held = "";
    if (all.trim() === "") return;
    const list = parseServiceJson(`[${all}]`);
    if (Array.isArray(list)) { for (const item of list) items.push(item); }
  }
}
