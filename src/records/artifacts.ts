import * as z from "zod";

/** Where the bytes of a run's files lie. Never holds a credential, a SAS or a token. */
export const storeSchema = z.looseObject({
  /** `azure-blob` for a container of a storage account; other worlds add their own words. */
  kind: z.string(),
  /** Base URL of the storage service, e.g. `https://acct.blob.core.windows.net`. */
  endpoint: z.exactOptional(z.nullable(z.string())),
  container: z.exactOptional(z.nullable(z.string())),
  /** Prefix of the run's files inside the container, with its trailing slash. */
  prefix: z.exactOptional(z.nullable(z.string())),
  /** The workspace the datastore belongs to, as `azureml://subscriptions/...`. */
  workspace: z.exactOptional(z.nullable(z.string())),
  datastore: z.exactOptional(z.nullable(z.string())),
  tenant: z.exactOptional(z.nullable(z.string())),
});

/** See {@linkcode storeSchema}. */
export type StoreRef = z.infer<typeof storeSchema>;

/** One file of a run. */
export const fileSchema = z.looseObject({
  /** Relative to the run, e.g. `outputs/model.pkl`. */
  path: z.string(),
  /** Bytes; null where no listing told it. */
  size: z.nullable(z.number()),
  /** MD5 of the content, lower-case hex. */
  md5: z.exactOptional(z.string()),
  content_type: z.exactOptional(z.string()),
  /** Only for a file whose bytes lie elsewhere than `store` + `path`: the store and the full blob path there. */
  at: z.exactOptional(z.looseObject({ store: storeSchema, path: z.string() })),
});

/** See {@linkcode fileSchema}. */
export type FileRef = z.infer<typeof fileSchema>;

/** The manifest of a run's files: names where the bytes are, does not hold them. */
export const artifactsSchema = z.looseObject({
  store: z.nullable(storeSchema),
  files: z.array(fileSchema),
});

/** See {@linkcode artifactsSchema}. */
export type Artifacts = z.infer<typeof artifactsSchema>;
