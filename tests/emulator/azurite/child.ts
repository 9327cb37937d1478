/**
 * The process that Azurite runs in: `deno run -A child.ts`, accounts in `AZURITE_ACCOUNTS`.
 * Prints `{"port": n}` when it serves, takes one JSON command a line on stdin ({@linkcode SeedCommand}), answers each
 * with a line, and ends when stdin ends: so it never outlives the process that started it, however that one dies.
 */
import { Buffer } from "node:buffer";
import { createHash, randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { TextLineStream } from "./text_line_stream.ts";
import type { SeedCommand } from "./seed_command.ts";

/** What we use of Azurite's inside; its packages carry no types for these files. */
interface Collection {
  find(query: unknown): unknown;
  findOne(query: unknown): unknown;
  chain(): { find(query: unknown): unknown };
}
interface Server {
  readonly metadataStore: {
    readonly db: { getCollection(name: string): Collection };
    createBlob(context: unknown, blob: unknown): Promise<unknown>;
    createContainer(context: unknown, container: unknown): Promise<unknown>;
  };
  readonly extentStore: { appendExtent(bytes: Buffer, id?: string): Promise<{ count: number }> };
  start(): Promise<void>;
  getHttpServerAddress(): string;
}

// `require` answers `any`: these are the constructors that Azurite 3.35.0 exports there.
const require = createRequire(import.meta.resolve("azurite"));
const BlobServer: { new (configuration: unknown): Server } = require("./blob/BlobServer.js").default;
const BlobConfiguration: { new (...settings: unknown[]): unknown } =
  require("./blob/BlobConfiguration.js").default;

/** Where Azurite's constructor takes its settings by position: in memory, silent, any api-version. */
function makeServer(): Server {
  const none = undefined;
  const configuration = new BlobConfiguration(
    "127.0.0.1",
    0,
    5,
    "unused",
    "unused",
    [],
    false,
    none,
    false,
    none,
    true,
    true,
    "",
    "",
    "",
    none,
    false,
    true,
  );
  return new BlobServer(configuration);
}

/**
 * Azurite looks blobs up by `accountName` first, which every blob of an account shares: each look-up walks them all.
 * Asked by name first, its database uses the index that it keeps anyway; the answers are the same.
 */
function indexByName(server: Server): void {
  const blobs = server.metadataStore.db.getCollection("$BLOBS_COLLECTION$");
  const find = blobs.find.bind(blobs);
  const findOne = blobs.findOne.bind(blobs);
  const chain = blobs.chain.bind(blobs);
  blobs.find = (query) => find(nameFirst(query));
  blobs.findOne = (query) => findOne(nameFirst(query));
  blobs.chain = () => {
    const result = chain();
    const inner = result.find.bind(result);
    result.find = (query) => inner(nameFirst(query));
    return result;
  };
}

function nameFirst(query: unknown): unknown {
  if (typeof query !== "object" || query === null || !("name" in query)) return query;
  const { name, ...rest } = query;
  return { name: asRange(name), ...rest };
}

/** `^prefix` as a range that an index can answer. Its numbers-like texts are compared as numbers: left alone. */
function asRange(name: unknown): unknown {
  if (typeof name !== "object" || name === null || !("$regex" in name)) return name;
  const prefix = String(name.$regex).slice(1).replaceAll(/\\(.)/g, "$1");
  return /^[A-Za-z_]/.test(prefix) ? { $between: [prefix, `${prefix}\uffff`] } : name;
}

async function seed(server: Server, command: SeedCommand): Promise<number> {
  const contents = await Promise.all(command.contents.map(async (text) => {
    const bytes = Buffer.from(text, "base64");
    return {
      extent: await server.extentStore.appendExtent(bytes),
      md5: createHash("md5").update(bytes).digest(),
    };
  }));
  let count = 0;
  for (const [name, index] of command.blobs) {
    const content = contents[index];
    if (content === undefined) throw new Error(`seed: no content ${index} for ${name}`);
    await server.metadataStore.createBlob({ contextId: "seed" }, blobDocument(command, name, content));
    count += 1;
  }
  return count;
}

function blobDocument(
  command: SeedCommand,
  name: string,
  content: { extent: { count: number }; md5: Buffer },
): unknown {
  const date = new Date();
  return {
    deleted: false,
    accountName: command.account,
    containerName: command.container,
    name,
    properties: {
      creationTime: date,
      lastModified: date,
      etag: `"0x${randomUUID().replaceAll("-", "").slice(0, 15).toUpperCase()}"`,
      contentLength: content.extent.count,
      contentType: "application/octet-stream",
      contentMD5: content.md5,
      blobType: "BlockBlob",
      leaseStatus: "unlocked",
      leaseState: "available",
      serverEncrypted: true,
      accessTier: "Hot",
      accessTierInferred: true,
      accessTierChangeTime: date,
    },
    snapshot: "",
    isCommitted: true,
    persistency: content.extent,
  };
}

function say(value: unknown): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(value)}\n`));
}

async function main(): Promise<void> {
  const server = makeServer();
  await server.start();
  indexByName(server);
  say({ port: Number(new URL(server.getHttpServerAddress()).port) });
  const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream());
  for await (const line of lines) {
    try {
      say({ seeded: await seed(server, JSON.parse(line)) });
    } catch (error) {
      say({ error: String(error) });
    }
  }
  Deno.exit(0);
}

if (import.meta.main) await main();
