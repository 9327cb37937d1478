import type { BlobOptions, BlobStorage } from "../state/storage.ts";
import { accountSas, serviceSas } from "./sas.ts";

/** The blobs of one account in Azurite. Addresses handed out lead through the emulator's own port. */
export class AzuriteStorage implements BlobStorage {
  readonly account: string;
  readonly key: string;
  readonly #own: string;
  readonly #minutes: () => number;
  readonly #token: string;

  /** `port` is Azurite's; `minutes` says how long a SAS that is made now lives. */
  constructor(account: string, key: string, port: number, minutes: () => number) {
    this.account = account;
    this.key = key;
    this.#own = `http://127.0.0.1:${port}/${account}`;
    this.#minutes = minutes;
    this.#token = accountSas(account, key, 30 * 24 * 60);
  }

  url(base: string, container: string, path?: string): string {
    return `${publicBase(base, this.account)}${suffix(container, path)}`;
  }

  sasUrl(base: string, container: string, path: string | undefined, permissions: string): string {
    const { account, key } = this;
    const sas = serviceSas({ account, key, container, path }, permissions, this.#minutes());
    return `${this.url(base, container, path)}?${sas}`;
  }

  containerSas(container: string, permissions: string): string {
    return serviceSas({ account: this.account, key: this.key, container }, permissions, this.#minutes());
  }

  /** The query that lets a forwarded request do anything; for requests whose bearer token has been checked. */
  get ownToken(): string {
    return this.#token;
  }

  async createContainer(container: string): Promise<void> {
    await this.#send("PUT", container, undefined, "restype=container", [201, 409]);
  }

  async read(container: string, path: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const answer = await this.#send("GET", container, path, "", [200, 404]);
    return answer.status === 200 ? new Uint8Array(answer.bytes) : null;
  }

  async size(container: string, path: string): Promise<number | null> {
    const answer = await this.#send("HEAD", container, path, "", [200, 404]);
    return answer.status === 200 ? Number(answer.headers.get("content-length")) : null;
  }

  async write(
    container: string,
    path: string,
    bytes: Uint8Array<ArrayBuffer>,
    options: BlobOptions = {},
  ): Promise<void> {
    const type = { "content-type": options.contentType ?? "application/octet-stream" };
    if (options.append !== true) {
      await this.#send("PUT", container, path, "", [201], { ...type, "x-ms-blob-type": "BlockBlob" }, bytes);
      return;
    }
    await this.#send("PUT", container, path, "", [201], { ...type, "x-ms-blob-type": "AppendBlob" });
    if (bytes.length > 0) await this.#send("PUT", container, path, "comp=appendblock", [201], {}, bytes);
  }

  async remove(container: string, path: string): Promise<void> {
    await this.#send("DELETE", container, path, "", [202, 404]);
  }

  async list(container: string, prefix: string): Promise<{ name: string; size: number }[]> {
    const found: { name: string; size: number }[] = [];
    let marker = "";
    do {
      const query = new URLSearchParams({ restype: "container", comp: "list", prefix, marker });
      const answer = await this.#send("GET", container, undefined, query.toString(), [200, 404]);
      if (answer.status === 404) return [];
      const text = new TextDecoder().decode(answer.bytes);
      for (const [, blob = ""] of text.matchAll(/<Blob>(.*?)<\/Blob>/gs)) {
        found.push({ name: element(blob, "Name"), size: Number(element(blob, "Content-Length")) });
      }
      marker = element(text, "NextMarker");
    } while (marker !== "");
    return found;
  }

  async #send(
    method: string,
    container: string,
    path: string | undefined,
    query: string,
    accept: readonly number[],
    headers: Record<string, string> = {},
    body?: Uint8Array<ArrayBuffer>,
  ): Promise<{ status: number; headers: Headers; bytes: ArrayBuffer }> {
    const url = `${this.#own}${suffix(container, path)}?${query === "" ? "" : `${query}&`}${this.#token}`;
    const init: RequestInit = { method, headers: { "x-ms-version": "2021-08-06", ...headers } };
    if (method === "PUT") init.body = body ?? new Uint8Array();
    const answer = await fetch(url, init);
    const bytes = await answer.arrayBuffer();
    if (!accept.includes(answer.status)) {
      throw new Error(`Azurite: ${method} ${container}/${path ?? ""} answered ${answer.status}`);
    }
    return { status: answer.status, headers: answer.headers, bytes };
  }
}

/** Loopback addresses name the account in the path, real host names in the host. */
function publicBase(base: string, account: string): string {
  const host = new URL(base).hostname;
  const loopback = host === "localhost" || /^[\d.]+$/.test(host) || host.startsWith("[");
  return loopback ? `${base}/${account}` : `https://${account}.blob.core.windows.net`;
}

function suffix(container: string, path?: string): string {
  const tail = path === undefined ? "" : `/${path.split("/").map(encodeURIComponent).join("/")}`;
  return `/${container}${tail}`;
}

function element(xml: string, name: string): string {
  const text = xml.match(new RegExp(`<${name}>(.*?)</${name}>`, "s"))?.[1] ?? "";
  const entities: Record<string, string> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return text.replaceAll(/&(lt|gt|quot|apos|amp);/g, (_, entity) => entities[entity] ?? "");
}
