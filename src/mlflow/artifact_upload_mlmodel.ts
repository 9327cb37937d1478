/** Larger files of this name are none of MLflow's. */
export const MLMODEL_MOST = 16 * 1024 * 1024;

/** Whether a file describes a model of MLflow's, and so names the run that logged it. */
export function isMlmodel(path: string): boolean {
  return path === "MLmodel" || path.endsWith("/MLmodel");
}
