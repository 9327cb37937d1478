import { Buffer } from "node:buffer";

/** A running Azurite (blob service alone, in memory) with accounts `acct1` and `acct2`. */
export interface Azurite {
  readonly port: number;
  readonly key: (account: string) => string;
  readonly endpoint: (account: string) => string;
  stop(): Promise<void>;
}

/** Not secrets: keys of accounts that exist only while the test runs. */
const keyOf = (account: string) =>
  Buffer.from(`key of ${account} in a test`.padEnd(64, ".")).toString("base64");

/** Starts Azurite on a free port and waits until it listens. */
export async function startAzurite(): Promise<Azurite> {
  const probe = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const port = probe.addr.port;
  probe.close();
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "npm:azurite@3.35.0/azurite-blob",
      "--blobPort",
      String(port),
      "--inMemoryPersistence",
      "--silent",
      "--skipApiVersionCheck",
      "--disableTelemetry",
    ],
    env: { AZURITE_ACCOUNTS: ["acct1", "acct2"].map((account) => `${account}:${keyOf(account)}`).join(";") },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  await listening(port);
  return {
    port,
    key: keyOf,
    endpoint: (account) => `http://127.0.0.1:${port}/${account}`,
    stop: async () => {
      child.kill("SIGKILL");
      await child.status;
    },
  };
}

async function listening(port: number): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return;
    } catch (thrown) {
      if (!(thrown instanceof Deno.errors.ConnectionRefused)) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, 100)); // a process that starts gives no other sign
    }
  }
  throw new Error(`Azurite did not listen on port ${port} within a minute`);
}
