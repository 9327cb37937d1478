/** One request as it came over the wire, with its body. Holds no secret: headers are left out, signatures blanked. */
export interface RecordedRequest {
  readonly method: string;
  /** The raw path, still percent-encoded. */
  readonly path: string;
  /** Decoded query parameters, in order; the value of `sig` is `...`. */
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly contentType: string | null;
  /** The body as text, signatures blanked; null when there is none, or when it is the content of a blob. */
  readonly body: string | null;
  /** Name of the emulator's route; null when none fitted. */
  readonly route: string | null;
  /** The emulator's own judgement of what the request does. */
  readonly effect: "read" | "write";
  /** Short name of the workspace; null where no workspace was named. */
  readonly workspace: string | null;
}

/** Keeps whole requests for contract tests. Nothing is kept unless the emulator was started with `record`. */
export class Recorder {
  readonly #requests: RecordedRequest[] = [];

  /** Oldest first, in the order in which their bodies were whole. */
  get requests(): readonly RecordedRequest[] {
    return this.#requests;
  }

  clear(): void {
    this.#requests.length = 0;
  }

  /** Keeps one request; `body` are its bytes. */
  keep(
    request: Request,
    body: Uint8Array,
    judged: Pick<RecordedRequest, "route" | "effect" | "workspace">,
  ): void {
    const { pathname, searchParams } = new URL(request.url);
    const isBlob = judged.route?.startsWith("blob.") === true;
    this.#requests.push({
      method: request.method,
      path: pathname,
      query: [...searchParams].map(([name, value]) => [name, name === "sig" ? "..." : value] as const),
      contentType: request.headers.get("content-type"),
      body: isBlob || body.length === 0 ? null : blanked(new TextDecoder().decode(body)),
      ...judged,
    });
  }
}

/** The body of a request, and the same request with a body that can still be read (a clone would warn). */
export async function readAhead(request: Request): Promise<{ request: Request; body: Uint8Array }> {
  if (request.body === null) return { request, body: new Uint8Array() };
  const body = new Uint8Array(await request.arrayBuffer());
  const { method, headers } = request;
  return { request: new Request(request.url, { method, headers, body }), body };
}

function blanked(text: string): string {
  return text.replaceAll(/([?&]sig=)[^&"\s]*/g, "$1...");
}
