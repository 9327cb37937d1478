import type { JsonValue } from "../../../src/records/json.ts";

/** Words of the recordings that stand for what differs from day to day, and what a replay says instead. */
const WORDS: Readonly<Record<string, string>> = {
  "<user>": "someone",
  "<current directory name>": "cwd",
  "<generated-job-name>": "generated_job_name",
  "<epoch>": "1700000000",
  "<trace-id>": "0af7651916cd43dd8448eb211c80319c",
  "<git-commit>": "0123456789abcdef0123456789abcdef01234567",
  "<time>": "2024-05-06T07:08:09.123456Z",
};

const PAGE_TOKENS = new Set(["tok1", "pg2", "ct2"]);

/** The values of an operation's placeholders; grows as answers come in. */
export class Bindings {
  readonly #values = new Map<string, string>(Object.entries(WORDS));
  #pageToken: string | null = null;

  bind(placeholder: string, value: string): void {
    this.#values.set(placeholder, value);
  }

  /** Keeps what a later request must repeat: the token of the next page. */
  learn(answer: JsonValue): void {
    if (typeof answer !== "object" || answer === null || Array.isArray(answer)) return;
    const token = answer.continuationToken ?? answer.next_page_token ?? null;
    if (typeof token === "string") this.#pageToken = token;
  }

  /** A text with every placeholder filled; guids that nothing bound become fresh ones. */
  fill(text: string): string {
    return text.replaceAll(/<[a-z][a-z- ]*(?:-\d+)?>/g, (placeholder) => {
      const known = this.#values.get(placeholder);
      if (known !== undefined) return known;
      if (!placeholder.startsWith("<guid-")) return placeholder;
      const fresh = crypto.randomUUID();
      this.#values.set(placeholder, fresh);
      return fresh;
    });
  }

  /** A query or body value: placeholders filled; a page token of the recorder becomes the one last answered, or null. */
  fillValue(value: string): string | null {
    return PAGE_TOKENS.has(value) ? this.#pageToken : this.fill(value);
  }
}
