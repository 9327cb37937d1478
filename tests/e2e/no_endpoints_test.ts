import assert from "node:assert/strict";
import { countBy, Lab } from "./lab.ts";

/**
 * azml as on Azure itself: no `endpoints` in the configs, real host names, https. The emulator stands behind as an
 * http proxy (CONNECT) with a certificate of its own.
 */
Deno.test("without endpoints in its config azml finds ARM, the data plane and the blobs by their real names", async () => {
  const lab = await Lab.start({ targets: 1 });
  try {
    for (const side of ["a.json", "b.json"]) {
      const { endpoints: _, ...config } = JSON.parse(await lab.shell.read(side));
      await lab.shell.write(side, JSON.stringify(config));
    }
    const through = `export HTTPS_PROXY=${lab.emulator.url} NODE_EXTRA_CA_CERTS=${lab.emulator.ca};`;
    lab.emulator.forgetRequests();

    const moved = await lab.run(
      `${through} azml extract --source a.json > a.ndjson && azml submit --target b.json < a.ndjson`,
    );
    assert.equal(moved.code, 0, moved.stderr);
    assert.deepEqual(countBy(moved.stdout, "receipt", "outcome"), { created: 66 });

    const verified = await lab.run(`${through} azml verify --target b.json < a.ndjson`);
    assert.equal(verified.code, 0, verified.stderr + verified.stdout.slice(0, 2000));

    const hosts = new Set(lab.emulator.requests().map(({ host }) => host.replace(/:443$/, "")));
    assert.ok(hosts.has("management.azure.com"), [...hosts].join(" "));
    assert.ok([...hosts].some((host) => host.endsWith(".api.azureml.ms")), [...hosts].join(" "));
    assert.ok([...hosts].some((host) => host.endsWith(".blob.core.windows.net")), [...hosts].join(" "));
    assert.ok(![...hosts].some((host) => host.startsWith("127.0.0.1")), [...hosts].join(" "));
  } finally {
    await lab.stop();
  }
});
