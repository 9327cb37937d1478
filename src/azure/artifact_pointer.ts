const SCHEME = "aml://artifactId/";

/** JSON documents of the first generation of metrics. */
const WITH_OUTPUTS = /^azureml\.v1\.(confusion_matrix|accuracy_table|residuals|predictions)$/i;

/** The container that a pointer must name to be about a file of this very run. */
export interface PointerScope {
  readonly run: string;
  /** The run's `dataContainerId`. */
  readonly container: string;
}

/** Whether pointers of metrics of this type carry an `outputs` segment that the path of the file has not. */
export function hasOutputsSegment(type: string | null): boolean {
  return type !== null && WITH_OUTPUTS.test(type);
}

/** Whether a metric value is a pointer to an artifact. */
export function isArtifactPointer(value: unknown): value is string {
  return typeof value === "string" && value.toLowerCase().startsWith(SCHEME.toLowerCase());
}

/**
 * Path of an artifact relative to its run, from the pointer that a metric holds; null when the pointer is about
 * another run. `aml://artifactId/{origin}/{container}/{path}`, with the oddities of Azure ML's metrics: v1 images
 * leave origin and container out, v1 documents put `outputs/` before the path, and some name the run as container.
 */
export function artifactPath(pointer: string, type: string | null, scope: PointerScope): string | null {
  const rest = pointer.slice(SCHEME.length);
  const match = /^ExperimentRun\/([^/]+)\/(.+)$/i.exec(rest);
  if (match === null) return rest;
  const [, container = "", path = ""] = match;
  const own = [scope.run, scope.container, `dcid.${scope.run}`];
  if (!own.includes(container)) return null;
  return hasOutputsSegment(type) ? path.replace(/^outputs\//, "") : path;
}
