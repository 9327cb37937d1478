import { bodyObject, type Context, json, type Reply } from "../router.ts";
import { guidFrom } from "../state/guid.ts";

/**
 * POST startPendingUpload: a container of its own in the workspace's account (`<10 of the workspace's guid>-<guid>`)
 * and a SAS that may read, create, write and list in it.
 */
export async function startPendingUpload(context: Context): Promise<Reply> {
  const { facts, storage } = context.workspace;
  const { name = "", version = "" } = context.params;
  const container = `${facts.guid.slice(0, 10)}-${guidFrom(`${facts.guid}/${name}/${version}`)}`;
  await storage.createContainer(container);
  const { subscription, resourceGroup } = facts;
  return json({
    pendingUploadId: bodyObject(context).pendingUploadId ?? crypto.randomUUID(),
    pendingUploadType: "TemporaryBlobReference",
    blobReferenceForConsumption: {
      blobUri: storage.url(context.base, container),
      storageAccountArmId: `/subscriptions/${subscription}/resourceGroups/${resourceGroup}` +
        `/providers/Microsoft.Storage/storageAccounts/${facts.account}`,
      credential: {
        credentialType: "SAS",
        sasUri: storage.sasUrl(context.base, container, undefined, "rcwl"),
      },
    },
  });
}
