import type { JsonValue } from "../../../src/records/json.ts";
import { makeToken } from "../../emulator/auth/make_token.ts";
import type { Emulator } from "../../emulator/start.ts";
import type { WorkspaceState } from "../../emulator/state.ts";
import { Bindings } from "./bindings.ts";
import type { Operation, SdkRequest } from "./operation.ts";
import { rolesOf } from "./placeholders.ts";
import { blobBody, blockList, jsonBody, type WireBody } from "./request_body.ts";
import { seedFor } from "./seed.ts";

/** What the emulator said to one request of an operation. */
export interface Answered {
  readonly request: SdkRequest;
  /** Number in the operation, from 0. */
  readonly index: number;
  readonly status: number;
  readonly text: string;
}

/** Sends every request of an operation, in order, to an emulator that has what the operation takes for granted. */
export async function replay(
  operation: Operation,
  emulator: Emulator,
  workspace: WorkspaceState,
): Promise<Answered[]> {
  const roles = rolesOf(operation);
  const bindings = new Bindings();
  await seedFor(operation, roles, bindings, workspace);
  const replayer = new Replayer(emulator, workspace, bindings, [...roles.answered]);
  const answers: Answered[] = [];
  for (const [index, request] of operation.requests.entries()) {
    answers.push({ request, index, ...await replayer.send(request) });
  }
  return answers;
}

class Replayer {
  readonly #blocks: string[] = [];

  constructor(
    private readonly emulator: Emulator,
    private readonly workspace: WorkspaceState,
    private readonly bindings: Bindings,
    /** Placeholders of runs whose ids MLflow makes, in the order in which it makes them. */
    private readonly unborn: string[],
  ) {}

  async send(request: SdkRequest): Promise<{ status: number; text: string }> {
    const body = this.#body(request);
    const answer = await fetch(this.#url(request), {
      method: request.method,
      headers: this.#headers(request),
      ...(body === null ? {} : { body }),
      redirect: "manual",
    });
    const text = await answer.text();
    this.#learn(request, text);
    return { status: answer.status, text };
  }

  #url(request: SdkRequest): string {
    const { account } = this.workspace.facts;
    const path = this.bindings.fill(request.path).replaceAll(" ", "%20");
    const query = new URLSearchParams();
    if (typeof request.api_version === "string" && request.service !== "blob") {
      query.set("api-version", request.api_version);
    }
    for (const [key, value] of Object.entries(request.query ?? {})) {
      const filled = this.bindings.fillValue(value);
      if (filled !== null) query.set(key, filled);
    }
    if (request.service !== "blob") return `${this.emulator.url}${path}?${query}`;
    const sas = this.workspace.storage.containerSas(path.split("/")[1] ?? "", "racwdl");
    return `${this.emulator.url}/${account}${path}?${query}&${sas}`;
  }

  #headers(request: SdkRequest): Headers {
    const headers = new Headers();
    for (const [name, value] of Object.entries(request.headers_of_interest ?? {})) {
      if (name !== "authorization" && !(name === "content-md5" && isSized(request.body))) {
        headers.set(name, this.bindings.fill(this.#token(value)));
      }
    }
    if (request.service !== "blob" && request.path !== "/discovery") {
      headers.set(
        "authorization",
        `Bearer ${makeToken("https://management.azure.com", this.workspace.facts.tenant)}`,
      );
    }
    return headers;
  }

  #token(value: string): string {
    return value.replace(
      /<jwt aud=([^>]+)>/,
      (_, audience) => makeToken(audience, this.workspace.facts.tenant),
    );
  }

  #body(request: SdkRequest): WireBody {
    const { body } = request;
    if (request.service !== "blob") {
      return body === undefined || body === null ? null : jsonBody(body, this.bindings);
    }
    if (request.method !== "PUT") return null;
    if (request.query?.comp === "block") this.#blocks.push(request.query.blockid ?? "");
    if (request.query?.comp === "blocklist") return blockList(this.#blocks);
    return blobBody(body ?? "", this.bindings);
  }

  #learn(request: SdkRequest, text: string): void {
    const answer = parsed(text);
    this.bindings.learn(answer);
    if (request.path.endsWith("/startPendingUpload")) {
      const container = /"blobUri":"[^"]*\/([^"/]+)\/?"/.exec(text)?.[1];
      if (container !== undefined) this.bindings.bind("<pending-container>", container);
    }
    if (!request.path.endsWith("/mlflow/runs/create")) return;
    const runId = /"run_id":"([^"]+)"/.exec(text)?.[1];
    const placeholder = this.unborn.shift();
    if (runId !== undefined && placeholder !== undefined) this.bindings.bind(placeholder, runId);
  }
}

function isSized(body: JsonValue | undefined): boolean {
  return typeof body === "string" && /^<\d+ bytes>$/.test(body);
}

function parsed(text: string): JsonValue {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
