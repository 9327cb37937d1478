import { Failure } from "../records/failure.ts";
import { isLoopback } from "../wire/address.ts";
import type { Clock } from "../wire/clock.ts";
import { createWire, type WireOptions } from "../wire/create_wire.ts";
import type { Pacers } from "../wire/pacer.ts";
import { ROUTES } from "../wire/routes.ts";
import type { SignInOptions } from "../wire/sign_in.ts";
import type { AccessToken, Tokens } from "../wire/tokens.ts";
import type { Wire } from "../wire/wire.ts";
import { type Cloud, cloudOfMetadata, CLOUDS } from "./clouds.ts";
import type { WorkspaceConfig } from "./connect_config.ts";

/** What speaking to Azure needs from the process. */
export interface AzureDeps {
  /** Tokens of a way to sign in; asked once for each config, so that sides may share them. */
  readonly tokens: (options: Pick<SignInOptions, "credential" | "authorityHost">) => Tokens;
  readonly pacers: Pacers;
  /** `azml/<version>`. */
  readonly userAgent: string;
  /** Aborts requests and waits. */
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  readonly retry?: NonNullable<WireOptions["retry"]>;
  /** Told before each wait for another try. */
  readonly note?: (message: string, waitMs: number) => void;
  /** Told of each request when it has ended, without secrets. */
  readonly told?: (message: string) => void;
}

/** A config's cloud with a way to sign in: from here workspaces and stores are opened. */
export interface Azure {
  /** The cloud, its `arm` replaced where the config does so. */
  readonly cloud: Cloud;
  /** Whether ARM is spoken to in plain http on this machine. */
  readonly loopback: boolean;
  /** A wire of its own (its own count and trust) for one tenant. */
  wire(tenant: string | null): Wire;
  /** Base URL of the blob service of an account. */
  blobEndpoint(account: string): string;
  /** Whether a base URL is a blob service of this cloud, or what the config names as one. */
  isBlobEndpoint(endpoint: string): boolean;
  storageToken(tenant: string | null): Promise<AccessToken>;
  /** Told of each request that does not go through a wire (blobs). */
  readonly told?: ((message: string) => void) | undefined;
}

/** Finds the cloud that a config names and prepares to speak to it. Sends nothing but a look at cloud metadata. */
export async function openAzure(config: WorkspaceConfig, deps: AzureDeps): Promise<Azure> {
  const known = CLOUDS.find(({ name }) => name.toLowerCase() === config.cloud.toLowerCase());
  const base = known ?? await readMetadata(config.cloud, deps);
  const cloud = { ...base, arm: config.endpoints.resourceManager ?? base.arm };
  const tokens = deps.tokens({ credential: config.credential, authorityHost: cloud.authorityHost });
  const arm = new URL(cloud.arm);
  const { blob } = config.endpoints;
  const suffix = `.blob.${cloud.storageSuffix}`;
  return {
    cloud,
    loopback: arm.protocol === "http:" && isLoopback(arm.hostname),
    wire: (tenant) => createWire({ ...wireOptions(cloud, deps), tokens, tenant }),
    blobEndpoint: (account) => blob?.replaceAll("{account}", account) ?? `https://${account}${suffix}`,
    isBlobEndpoint(endpoint) {
      const url = URL.parse(endpoint);
      if (url === null) return false;
      if (blob !== null && url.origin === new URL(blob.replaceAll("{account}", "account")).origin) {
        return true;
      }
      const account = url.hostname.slice(0, -suffix.length);
      return url.protocol === "https:" && url.port === "" && url.hostname.endsWith(suffix) &&
        isAccount(account);
    },
    storageToken: (tenant) => tokens.get(cloud.resources.storage, tenant),
    told: deps.told,
  };
}

/** Whether a text can be the name of a storage account, and nothing that leads elsewhere. */
export function isAccount(name: string): boolean {
  return /^[A-Za-z0-9_-]+$/.test(name);
}

function wireOptions(cloud: Cloud, deps: AzureDeps): Omit<WireOptions, "tokens" | "tenant"> {
  return {
    ...withoutTokens(deps),
    arm: cloud.arm,
    resources: cloud.resources,
    hosts: [new URL(cloud.arm).host, cloud.apiSuffix],
  };
}

function withoutTokens({ tokens: _tokens, ...rest }: AzureDeps): Omit<AzureDeps, "tokens"> {
  return rest;
}

const NO_TOKENS: Tokens = {
  get: () => Promise.reject(new Error("cloud metadata needs no token")),
  forget: () => {},
};

async function readMetadata(url: string, deps: AzureDeps): Promise<Cloud> {
  const address = URL.parse(url);
  if (address === null) {
    throw new Failure(`"${url}" is no cloud that azml knows`, {
      code: "unknown_cloud",
      reach: "usage",
      retryable: false,
      hint: `\`cloud\` is one of ${CLOUDS.map(({ name }) => name).join(", ")}, or the URL of cloud metadata`,
    });
  }
  const wire = createWire({
    ...withoutTokens(deps),
    tokens: NO_TOKENS,
    tenant: null,
    arm: address.origin,
    resources: { arm: "", ml: "", storage: "" },
    hosts: [],
  });
  const { body } = await wire.send({ route: ROUTES.discovery.cloudMetadata, url, audience: "none" });
  return cloudOfMetadata(body, url);
}
