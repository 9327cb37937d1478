import { generate, type SubjectAltNameEntry } from "selfsigned";

/** A server certificate with the CA that signed it, all PEM. Made anew at each start: keys lie in no fixture. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
  readonly ca: string;
}

/** Every host name that the emulator answers to, directly or behind `CONNECT`. */
const HOSTS = [
  "localhost",
  "management.azure.com",
  "login.microsoftonline.com",
  "ml.azure.com",
  "*.api.azureml.ms",
  "*.workspace.eastus.api.azureml.ms",
  "*.workspace.westeurope.api.azureml.ms",
  "*.blob.core.windows.net",
] as const;

/** Makes the certificate for {@linkcode HOSTS} and 127.0.0.1. */
export async function makeCertificate(): Promise<Certificate> {
  const ca = await generate([{ name: "commonName", value: "azml emulator CA" }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, digitalSignature: true, critical: true },
    ],
  });
  const names: SubjectAltNameEntry[] = HOSTS.map((value) => ({ type: 2, value }));
  const leaf = await generate([{ name: "commonName", value: "127.0.0.1" }], {
    keyType: "ec",
    algorithm: "sha256",
    ca: { key: ca.private, cert: ca.cert },
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      { name: "subjectAltName", altNames: [...names, { type: 7, ip: "127.0.0.1" }] },
    ],
  });
  return { key: leaf.private, cert: `${leaf.cert}\n${ca.cert}`, ca: ca.cert };
}
