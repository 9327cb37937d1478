import type { BlobContainer, BlobItem } from "./container.ts";
import type { BlobMeter, BlobPace, ContainerCredential } from "./credential.ts";

const PACE: BlobPace = { pollMs: 1000, retryMs: 1000 };

/**
 * Opens a container of Azure blob storage. No request is sent: what is wrong with the credential shows at the first
 * use. `endpoint` is the account's base URL without credential; requests and copied bytes are added to `meter`.
 * Loads the storage library on its first call.
 */
export async function openContainer(
  where: { readonly endpoint: string; readonly container: string },
  credential: ContainerCredential,
  meter: BlobMeter,
  pace: BlobPace = PACE,
): Promise<BlobContainer> {
  const { azureContainer } = await import("./azure_container.ts");
  return await azureContainer(where, credential, meter, pace);
}

export type { BlobContainer, BlobItem, BlobMeter, BlobPace, ContainerCredential };
