import { Failure } from "../../../src/records/failure.ts";
import type { Abilities, MlflowDetails, MlflowServer } from "../../../src/mlflow/server.ts";
import { parseServiceJson } from "../../../src/wire/service_json.ts";
import type { Route } from "../../../src/wire/wire.ts";

/** A request as a server got it. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly effect: Route["effect"];
}

/** A server that is spoken to with plain `fetch`, without retries and sign-in. `asked` fills up with the requests. */
export function plainServer(
  address: string,
  abilities: Partial<Abilities> = {},
): MlflowServer & { readonly asked: Asked[] } {
  const asked: Asked[] = [];
  const ask = async (route: Route, details: MlflowDetails = {}): Promise<Response> => {
    const url = new URL(address + pathOf(route, details.vars ?? {}));
    for (const [name, value] of Object.entries(details.query ?? {})) {
      for (const one of Array.isArray(value) ? value : [value]) {
        if (one !== undefined) url.searchParams.append(name, String(one));
      }
    }
    asked.push({ method: route.method, path: decodeURIComponent(url.pathname), effect: route.effect });
    const json = details.body === undefined ? null : JSON.stringify(details.body);
    const content = details.content === undefined
      ? null
      : await new Response(await details.content.open()).bytes();
    const response = await fetch(url, {
      method: route.method,
      body: json ?? content,
      headers: json === null ? {} : { "content-type": "application/json" },
    });
    if (response.ok || details.accept?.includes(response.status)) return response;
    const text = await response.text();
    const { error_code: code, message } = text.startsWith("{")
      ? JSON.parse(text)
      : { error_code: "", message: text };
    throw new Failure(`${route.method} ${url.pathname} answered ${response.status} ${code}: ${message}`, {
      code: code || `http_${response.status}`,
      reach: "record",
      retryable: false,
      status: response.status,
    });
  };
  const headOf = (response: Response) => ({
    status: response.status,
    headers: new Map(response.headers),
    requestId: null,
  });
  return {
    id: `mlflow+${address}`,
    address,
    abilities: { version: null, loggedModels: true, workspaces: false, ...abilities },
    wire: { send: refuse, open: refuse, trust: () => {}, calls: () => asked.length },
    async send(route, details) {
      const response = await ask(route, details);
      const text = await response.text();
      return { ...headOf(response), body: text.trim() === "" ? null : parseServiceJson(text) };
    },
    async open(route, details) {
      const response = await ask(route, details);
      return { ...headOf(response), body: response.body ?? new ReadableStream({ start: (c) => c.close() }) };
    },
    asked,
  };
}

function pathOf({ path }: Route, vars: Readonly<Record<string, string>>): string {
  return path
    .replace(/\{\+(\w+)\}/g, (_, name) => vars[name] ?? "")
    .replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(vars[name] ?? ""));
}

function refuse(): Promise<never> {
  return Promise.reject(new Error("only the server itself is spoken to"));
}
