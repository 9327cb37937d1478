import { checkToken } from "../auth/tokens.ts";
import { errorBody, type ErrorFacts, ServiceError } from "../errors.ts";
import { type Context, type Match, type Reply, Router } from "../router.ts";
import { type Service, services } from "../services.ts";
import type { Settings } from "../settings.ts";
import { type EmulatorState, findWorkspace, type WorkspaceState } from "../state.ts";
import { effectOf, type Job } from "./job.ts";
import { parseBody } from "./parse_body.ts";

/** What the services run on. */
export interface Ground {
  readonly state: EmulatorState;
  readonly settings: Settings;
}

/** Jobs for ARM and the data plane: everything that the tables of {@linkcode services} hold. Takes every request. */
export function serviceResolver(ground: Ground): (request: Request, url: URL) => Job {
  const routers = services.map((service) => ({ service, router: new Router(service.routes) }));
  return (request, url) => {
    for (const { service, router } of routers) {
      if (!service.prefix.test(url.pathname)) continue;
      const match = router.match(request.method, url.pathname);
      return new ServiceJob(service, match, request, url, ground);
    }
    const arm = services.find(({ name }) => name === "arm");
    if (arm === undefined) throw new Error("the table of services has no arm");
    return new ServiceJob(arm, null, request, url, ground);
  };
}

class ServiceJob implements Job {
  readonly route: string | null;
  readonly effect: "read" | "write";
  readonly #service: Service;
  readonly #match: Match | null;
  readonly #request: Request;
  readonly #url: URL;
  readonly #ground: Ground;
  readonly #workspace: WorkspaceState | undefined;
  readonly #id: string;

  constructor(service: Service, match: Match | null, request: Request, url: URL, ground: Ground) {
    this.#service = service;
    this.#match = match;
    this.#request = request;
    this.#url = url;
    this.#ground = ground;
    this.#workspace = match?.names ? findWorkspace(ground.state, match.names) : undefined;
    this.#id = request.headers.get("x-ms-client-request-id") ?? crypto.randomUUID();
    this.route = match?.row.name ?? null;
    this.effect = match?.row.effect ?? effectOf(request.method);
  }

  get workspace(): string | null {
    return this.#workspace?.facts.key ?? null;
  }

  async perform(): Promise<Response> {
    try {
      const bytes = new Uint8Array(await this.#request.arrayBuffer());
      if (this.#match === null) return this.#unknownRoute();
      const context = this.#context(this.#match, bytes);
      if (this.#ground.settings.checkTokens) this.#checkToken(context.workspace);
      return this.#response(await this.#match.row.handler(context));
    } catch (error) {
      if (error instanceof ServiceError) return this.refuse(error.facts);
      const message = error instanceof Error ? `${error.stack}` : String(error);
      return this.refuse({
        status: 500,
        code: "ServiceError",
        message: `a fault of the emulator: ${message}`,
      });
    }
  }

  refuse(facts: ErrorFacts): Response {
    const body = errorBody(this.#service.envelope, facts, {
      region: this.#workspace?.facts.region ?? "eastus",
      component: this.#service.component,
      time: new Date().toISOString().replace("Z", "0000+00:00"),
      requestId: this.#id.replaceAll("-", ""),
    });
    const headers = { "x-ms-response-type": "error", "x-ms-error-code": facts.code, ...facts.headers };
    return this.#response({ status: facts.status, json: body, headers });
  }

  #context(match: Match, bytes: Uint8Array<ArrayBuffer>): Context {
    if (this.#workspace === undefined) throw missingWorkspace(match);
    return {
      method: this.#request.method,
      url: this.#url,
      base: this.#url.origin,
      headers: this.#request.headers,
      params: match.params,
      query: this.#url.searchParams,
      body: parseBody(bytes, this.#request.headers.get("content-type")),
      bytes,
      requestId: this.#id,
      state: this.#ground.state,
      settings: this.#ground.settings,
      workspace: this.#workspace,
    };
  }

  #checkToken(workspace: WorkspaceState): void {
    const kinds = this.#service.name === "arm" ? ["arm" as const] : this.#ground.settings.dataPlaneAudiences;
    const host = this.#url.host;
    const rule = { kinds, own: [`https://${host}`, `http://${host}`], tenant: workspace.facts.tenant };
    checkToken(this.#request.headers.get("authorization"), rule, Date.now());
  }

  #unknownRoute(): Response {
    if (this.#service.envelope === "mlflow") return this.#response({ status: 404 });
    const message = `No route of the emulator fits ${this.#request.method} ${this.#url.pathname}`;
    return this.refuse({ status: 404, code: "UserError", inner: ["NotFound"], message });
  }

  #response(reply: Reply): Response {
    const headers = new Headers({
      "x-ms-request-id": this.#id,
      "x-ms-client-request-id": this.#id,
      "x-request-time": "0.010",
      ...(this.#service.name === "arm" ? { "x-ms-ratelimit-remaining-subscription-reads": "11999" } : {}),
      ...reply.headers,
    });
    if (reply.json !== undefined) headers.set("content-type", "application/json; charset=utf-8");
    const body = reply.json === undefined ? reply.raw ?? null : JSON.stringify(reply.json);
    if (typeof reply.raw === "string" && !headers.has("content-type")) {
      headers.set("content-type", "application/json; charset=utf-8");
    }
    return new Response(reply.status === 204 || reply.status === 304 ? null : body, {
      status: reply.status,
      headers,
    });
  }
}

function missingWorkspace(match: Match): ServiceError {
  const { workspace = "", resourceGroup = "" } = match.names ?? {};
  return new ServiceError({
    status: 404,
    code: "ResourceNotFound",
    plain: true,
    message:
      `The Resource 'Microsoft.MachineLearningServices/workspaces/${workspace}' under resource group ` +
      `'${resourceGroup}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  });
}
