/** Where and why a text is no JSON. */
export interface JsonFault {
  /** 0-based offset in UTF-16 units. */
  readonly at: number;
  /** What is wrong, e.g. `a comma or } was expected`. It holds nothing of the input. */
  readonly what: string;
}

const SPACE = /[ \t\n\r]*/y;
const SCALAR = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;
const BARE_NUMBER = /-?(?:NaN|Infinity|nan|inf)\b/y;
// deno-lint-ignore no-control-regex -- JSON allows no control character in a string
const STRING_STOP = /["\\\u0000-\u001f]/g;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** A walk over the text: where it is, which brackets are open, and what may come next. */
interface Walk {
  readonly text: string;
  at: number;
  readonly open: ("}" | "]")[];
  expect: "value" | "value or ]" | "name" | "name or }" | "comma or end";
}

/**
 * Finds the first fault of a text that `JSON.parse` refused. The engine's own message names no place for half of its
 * faults, and quotes the input, which may hold a secret. Null when there is no fault.
 */
export function jsonFault(text: string): JsonFault | null {
  const walk: Walk = { text, at: 0, open: [], expect: "value" };
  for (;;) {
    walk.at = skip(SPACE, text, walk.at);
    if (walk.expect === "comma or end" && walk.open.length === 0) {
      return walk.at === text.length ? null : { at: walk.at, what: "there is more text behind the record" };
    }
    const what = step(walk, text.charAt(walk.at));
    if (what !== null) return { at: walk.at, what };
  }
}

/** Takes what stands at the walk's place; answers what is wrong with it, or null. */
function step(walk: Walk, sign: string): string | null {
  const close = walk.open.at(-1);
  if (sign === close && walk.expect !== "value" && walk.expect !== "name") {
    walk.open.pop();
    return move(walk, "comma or end");
  }
  switch (walk.expect) {
    case "comma or end":
      if (sign !== ",") return cut(sign, `a comma or ${close} was expected`);
      return move(walk, close === "}" ? "name" : "value");
    case "name":
    case "name or }":
      return takeName(walk, sign);
    case "value":
    case "value or ]":
      return takeValue(walk, sign);
  }
}

function takeName(walk: Walk, sign: string): string | null {
  if (sign !== '"') return cut(sign, "a name in double quotes was expected");
  const what = takeString(walk);
  if (what !== null) return what;
  walk.at = skip(SPACE, walk.text, walk.at);
  const colon = walk.text.charAt(walk.at);
  return colon === ":" ? move(walk, "value") : cut(colon, "a colon was expected");
}

function takeValue(walk: Walk, sign: string): string | null {
  if (sign === "{" || sign === "[") {
    walk.open.push(sign === "{" ? "}" : "]");
    return move(walk, sign === "{" ? "name or }" : "value or ]");
  }
  walk.expect = "comma or end";
  if (sign === '"') return takeString(walk);
  const end = skip(SCALAR, walk.text, walk.at);
  if (end > walk.at) {
    walk.at = end;
    return null;
  }
  const bare = skip(BARE_NUMBER, walk.text, walk.at) > walk.at;
  return bare ? "NaN and Infinity are no JSON values" : cut(sign, "a value was expected");
}

/** Goes behind a string; on a fault to where it is. */
function takeString(walk: Walk): string | null {
  walk.at += 1;
  for (;;) {
    STRING_STOP.lastIndex = walk.at;
    const stop = STRING_STOP.exec(walk.text);
    walk.at = stop === null ? walk.text.length : stop.index;
    if (stop === null) return "the line ends inside a string: it was cut short";
    if (stop[0] === '"') {
      walk.at += 1;
      return null;
    }
    const end = stop[0] === "\\" ? skip(ESCAPE, walk.text, walk.at) : walk.at;
    if (end === walk.at) {
      return stop[0] === "\\"
        ? "a backslash starts no escape of JSON"
        : "a control character stands in a string";
    }
    walk.at = end;
  }
}

function move(walk: Walk, expect: Walk["expect"]): null {
  walk.at += 1;
  walk.expect = expect;
  return null;
}

function cut(sign: string, wanted: string): string {
  return sign === "" ? `the line ends where ${wanted}: it was cut short` : wanted;
}

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
