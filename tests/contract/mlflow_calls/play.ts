import { isJsonObject, type JsonValue } from "../../../src/records/json.ts";
import { plainAnswer } from "./plain_answer.ts";
import type { CallScenario, Step } from "./step.ts";

/** An answer as it is written to a fixture: all that differs between two servers of one version is blanked. */
export interface PlayedAnswer {
  readonly step: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: JsonValue;
}

/** Sends the requests of a scenario to a server, one after the other. */
export async function play(
  base: string,
  scenario: CallScenario,
  headers: Record<string, string> = {},
): Promise<PlayedAnswer[]> {
  const kept = new Map<string, string>();
  const answers: PlayedAnswer[] = [];
  // Without a pool: a kept connection that the server has closed would fail the next request.
  const client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
  for (const step of scenario.steps) answers.push(await send(base, step, { kept, headers, client }));
  client.close();
  return answers;
}

interface Session {
  readonly kept: Map<string, string>;
  readonly headers: Record<string, string>;
  readonly client: Deno.HttpClient;
}

async function send(base: string, step: Step, { kept, headers, client }: Session): Promise<PlayedAnswer> {
  const body = step.body === undefined ? step.text : JSON.stringify(step.body);
  const answer = await fetch(`${base}${filled(step.path, kept)}${queryText(step, kept)}`, {
    client,
    method: step.method,
    headers: { "content-type": "application/json", ...headers, ...step.headers },
    ...(body === undefined || step.method === "GET" ? {} : { body: filled(body, kept) }),
  });
  const text = await answer.text();
  const value = read(text, answer.headers);
  for (const [name, path] of Object.entries(step.keep ?? {})) {
    const found = at(value, path);
    if (found !== undefined) kept.set(name, found);
  }
  const shown = (step.show ?? []).map((name) => [name, plainHeader(answer.headers.get(name))] as const);
  return {
    step: step.name,
    status: answer.status,
    ...(shown.length === 0 || step.statusOnly ? {} : { headers: Object.fromEntries(shown) }),
    ...(step.statusOnly ? {} : { body: plainAnswer(value, kept, base) }),
  };
}

function filled(text: string, kept: ReadonlyMap<string, string>): string {
  return text.replaceAll(/<(\w+)>/g, (whole, name) => kept.get(name) ?? whole);
}

function queryText(step: Step, kept: ReadonlyMap<string, string>): string {
  const pairs = Object.entries(step.query ?? {}).flatMap(([name, value]) =>
    [value].flat().map((one) => `${name}=${encodeURIComponent(filled(one, kept))}`)
  );
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}

/** JSON where it is some; numbers of 16 digits and more as text, so that none is lost. */
function read(text: string, headers: Headers): JsonValue {
  if (text === "" || !(headers.get("content-type") ?? "").includes("json")) return text;
  return JSON.parse(text.replaceAll(/([:[,]\s*)(-?\d{16,})(?=\s*[,\]}])/g, '$1"$2"'));
}

function at(value: JsonValue, path: string): string | undefined {
  const found = path.split(".").reduce<JsonValue>(
    (inner, key) => isJsonObject(inner) ? inner[key] ?? null : null,
    value,
  );
  return found === null ? undefined : String(found);
}

function plainHeader(value: string | null): string {
  return value ?? "(none)";
}
