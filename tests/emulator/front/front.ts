import type { Certificate } from "./certificate.ts";

/** One port that speaks http, https and `CONNECT`, in front of a handler. */
export interface Front {
  readonly port: number;
  stop(): Promise<void>;
}

/** One request as it came in. `hangUp` closes the client's connection at once, in the middle of whatever it carries. */
export interface Incoming {
  readonly request: Request;
  readonly scheme: "http" | "https";
  hangUp(): void;
}

/** What a connection's first bytes ask for. */
type Wish = "tls" | "connect" | "http";

/**
 * Listens on 127.0.0.1. The first byte of a connection decides: 0x16 is a TLS greeting, `CONNECT` is answered with 200
 * and looked at again, anything else is http. Each connection is piped to one of two servers of this process, because
 * a socket that has been read from cannot become a TLS server here.
 */
export function startFront(
  port: number,
  certificate: Certificate,
  handler: (incoming: Incoming) => Promise<Response>,
): Front {
  const open = new Map<number, Deno.Conn>();
  const serve = (scheme: "http" | "https", tls: { cert: string; key: string } | null) =>
    Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {}, ...(tls ?? {}) },
      (request, info) => handler({ request, scheme, hangUp: () => hangUp(open, info.remoteAddr.port) }),
    );
  const plain = serve("http", null);
  const secure = serve("https", { cert: certificate.cert, key: certificate.key });
  const listener = Deno.listen({ hostname: "127.0.0.1", port });
  const inner = { http: plain.addr.port, tls: secure.addr.port };
  const accepting = accept(listener, inner, open);
  return {
    port: listener.addr.port,
    async stop() {
      listener.close();
      await accepting;
      for (const connection of open.values()) close(connection);
      await Promise.all([plain.shutdown(), secure.shutdown()]);
    },
  };
}

async function accept(
  listener: Deno.TcpListener,
  inner: { http: number; tls: number },
  open: Map<number, Deno.Conn>,
): Promise<void> {
  try {
    for await (const client of listener) {
      carry(client, inner, open).catch(() => close(client));
    }
  } catch {
    // The listener was closed.
  }
}

async function carry(
  client: Deno.TcpConn,
  inner: { http: number; tls: number },
  open: Map<number, Deno.Conn>,
): Promise<void> {
  client.setNoDelay(true);
  let { wish, head } = await greet(client);
  if (wish === "connect") {
    await writeAll(client, new TextEncoder().encode("HTTP/1.1 200 Connection established\r\n\r\n"));
    ({ wish, head } = await greet(client));
  }
  const server = await Deno.connect({ hostname: "127.0.0.1", port: wish === "tls" ? inner.tls : inner.http });
  server.setNoDelay(true);
  const id = server.localAddr.port;
  open.set(id, client);
  try {
    await writeAll(server, head);
    await Promise.all([pump(client, server), pump(server, client)]);
  } finally {
    open.delete(id);
    close(client);
    close(server);
  }
}

/** Reads the first bytes of a connection; of a `CONNECT`, all up to the empty line. */
async function greet(client: Deno.Conn): Promise<{ wish: Wish; head: Uint8Array }> {
  const buffer = new Uint8Array(16 * 1024);
  let length = 0;
  while (length < buffer.length) {
    const read = await client.read(buffer.subarray(length));
    if (read === null) throw new Error("closed before a request came");
    length += read;
    const head = buffer.slice(0, length);
    if (head[0] === 0x16) return { wish: "tls", head };
    const text = new TextDecoder("latin1").decode(head);
    if (!"CONNECT ".startsWith(text.slice(0, 8))) return { wish: "http", head };
    if (text.includes("\r\n\r\n")) return { wish: "connect", head };
  }
  throw new Error("CONNECT without an end");
}

async function pump(from: Deno.Conn, to: Deno.TcpConn): Promise<void> {
  const buffer = new Uint8Array(64 * 1024);
  try {
    for (let read = await from.read(buffer); read !== null; read = await from.read(buffer)) {
      await writeAll(to, buffer.subarray(0, read));
    }
    await to.closeWrite();
  } catch {
    // One side is gone: the other must not wait for it.
    close(from);
    close(to);
  }
}

async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  let sent = 0;
  while (sent < bytes.length) sent += await connection.write(bytes.subarray(sent));
}

function hangUp(open: Map<number, Deno.Conn>, id: number): void {
  const connection = open.get(id);
  if (connection !== undefined) close(connection);
}

function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // Closed already.
  }
}
