import type { Route } from "./wire.ts";

const M = "/metric/v2.0{+ws}/runs/{runId}";
const A = "/artifact/v2.0{+ws}/artifacts";
const OF = `${A}/{origin}/{container}`;

/** Routes of the metric, artifact, index, content, data and model services, all on the data plane's host. */
export const SERVICE_ROUTES = {
  metric: {
    /** What a run logged, without values. Body `{continuationToken?}`. */
    list: { method: "POST", path: `${M}/list`, effect: "read", repeatable: true },
    /** The history of one metric. Body `{metricName, continuationToken?, startTime?, endTime?}`. */
    full: { method: "POST", path: `${M}/full`, effect: "read", repeatable: true },
    /** The last value of each metric. Body `{}`. */
    lastValues: { method: "POST", path: `${M}/lastvalues`, effect: "read", repeatable: true },
    /** Appends points (so it must not be said twice). Body `{values: [metric], reportErrors?}`; answers `{errors}`. */
    batchSync: { method: "POST", path: `${M}/batchsync`, effect: "write", repeatable: false },
    /** The same without waiting for the write. */
    batch: { method: "POST", path: `${M}/batch`, effect: "write", repeatable: false },
  },
  artifact: {
    /** Flat, no sizes. Query `path`, `continuationToken`. */
    list: { method: "GET", path: OF, effect: "read", repeatable: true },
    /** Query `path`; answers `{contentUri}` with a read SAS. */
    contentInfo: { method: "GET", path: `${OF}/contentinfo`, effect: "read", repeatable: true },
    /** The same for all below a prefix, paged. Query `path`, `continuationToken`. */
    prefixContentInfo: { method: "GET", path: `${OF}/prefix/contentinfo`, effect: "read", repeatable: true },
    /** One artifact's record (`dataPath` tells where its bytes are). Query `path`. */
    metadata: { method: "GET", path: `${OF}/metadata`, effect: "read", repeatable: true },
    /** Body `{artifactIds: []}`. */
    metadataOfIds: { method: "POST", path: `${A}/batch/metadata`, effect: "read", repeatable: true },
    /** Creates empty artifacts and answers upload SAS. Body `{paths: [{path}]}`, at most 50. */
    batchMetadata: { method: "POST", path: `${OF}/batch/metadata`, effect: "write", repeatable: true },
    /** Links a blob that is in place. Body `{origin, container, path, dataPath: {dataStoreName, relativePath}}`. */
    register: { method: "POST", path: `${A}/register`, effect: "write", repeatable: true },
  },
  index: {
    /** Workspace-wide listing, eventually consistent. Body `{filters, order, pageSize, skip, continuationToken}`. */
    entities: { method: "POST", path: "/index/v1.0{+ws}/entities", effect: "read", repeatable: true },
  },
  content: {
    /** Body `{snapshotOrAssetId}`; answers a tree with a read SAS for each file. */
    snapshotSas: {
      method: "POST",
      path: "/content/v2.0{+ws}/snapshots/sas",
      effect: "read",
      repeatable: true,
    },
  },
  data: {
    /** Body `{values: [assetId]}`; answers `{values: {assetId: {uri, type}}}`. */
    resolveUris: {
      method: "POST",
      path: "/data/v1.0{+ws}/dataversion/batchGetResolvedUris",
      effect: "read",
      repeatable: true,
    },
  },
  modelRegistry: {
    /** Body `{values: [id]}`; answers `{values: {id: {path, type}}}`. */
    resolveUris: {
      method: "POST",
      path: "/modelregistry/v1.0{+ws}/models/batchGetResolvedUris",
      effect: "read",
      repeatable: true,
    },
  },
} as const satisfies Record<string, Record<string, Route>>;
