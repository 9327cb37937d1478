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

  /** Reads a copy of the request; the request itself can still be read. */
  async keep(
    request: Request,
    judged: Pick<RecordedRequest, "route" | "effect" | "workspace">,
  ): Promise<void> {
    const { pathname, searchParams } = new URL(request.url);
    const contentType = request.headers.get("content-type");
    const isText = judged.route?.startsWith("blob.") !== true;
    const body = isText && request.body !== null ? blanked(await request.clone().text()) : "";
    this.#requests.push({
      method: request.method,
      path: pathname,
      query: [...searchParams].map(([name, value]) => [name, name === "sig" ? "..." : value] as const),
      contentType,
      body: body === "" ? null : body,
      ...judged,
    });
  }
}

function blanked(text: string): string {
  return text.replaceAll(/([?&]sig=)[^&"\s]*/g, "$1...");
}
